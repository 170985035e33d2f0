import Foundation

/// The figures as Markdown.
struct Report {
    let figures: [Figures]

    var text: String {
        var parts = [
            table("", overview), "Seconds in each state of an upgrade, 1.1.750.0 → 1.1.819.0 (another schema):",
        ]
        parts.append(table("state", states { $0.migrating.map { [$0] } ?? [] }))
        parts.append("The same for an upgrade without another schema, median of three:")
        parts.append(table("state", states(\.same)))
        parts.append("Verbs, median of five: time, processor time, peak resident memory:")
        parts.append(table("verb", verbs))
        parts.append("Peak resident memory during the upgrades, by program and verb:")
        parts.append(table("program", memory))
        return parts.joined(separator: "\n\n")
    }

    private func table(_ corner: String, _ rows: [(String, [String])]) -> String {
        let head = [corner] + figures.map { "\(Self.grouped($0.directoryObjects)) objects" }
        return Text.table([head] + rows.map { [$0.0] + $0.1 })
    }

    private func row(_ name: String, _ value: (Figures) -> String?) -> (String, [String]) {
        (name, figures.map { value($0) ?? "–" })
    }

    private var overview: [(String, [String])] {
        [
            row("objects in connector spaces / metaverse") {
                "\(Self.grouped($0.connectorSpaces)) / \(Self.grouped($0.metaverse))"
            },
            row("database") { Text.bytes($0.databaseBytes) },
            row("first start to the end of the second cycle") { Text.seconds($0.firstCycles) },
            row("bare stop and start until healthy") { Text.spread($0.restarts) },
            row("pause, no other schema") { $0.same.isEmpty ? nil : Text.spread($0.same.map(\.pause)) },
            row("pause, another schema") { $0.migrating.map { Text.seconds($0.pause) } },
            row("longer than the bare stop and start") { figures in
                guard !figures.same.isEmpty else { return nil }
                return Text.seconds(Text.median(figures.same.map(\.pause)) - Text.median(figures.restarts))
            },
            row("`pausing` to the end of `resuming`, no other schema") {
                $0.same.isEmpty ? nil : Text.spread($0.same.map(\.journal.pausingToResuming))
            },
            row("whole upgrade, no other schema") {
                $0.same.isEmpty ? nil : Text.spread($0.same.map(\.journal.upgradeSeconds))
            },
            row("whole upgrade, another schema") { $0.migrating.map { Text.seconds($0.journal.upgradeSeconds) } },
            row("processor time of that, with all verbs") { $0.migrating.map { Text.seconds($0.processor) } },
            row("cycles after it until it is final") { $0.migrating == nil ? nil : Text.seconds($0.observation) },
            row("peak memory: aadc-upgrade") { Self.peak($0) { $0 == "aadc-upgrade" } },
            row("peak memory: the largest verb") { Self.peak($0) { $0.hasPrefix("adsync ") && $0 != "adsync serve" } },
            row("peak memory: the service, cycles included") {
                $0.serviceMemory > 0 ? Text.bytes($0.serviceMemory) : nil
            },
            row("`run` with nothing to do") {
                $0.idleRuns.isEmpty ? nil : Text.spread($0.idleRuns.map(\.seconds))
            },
            row("processor time of that") {
                $0.idleRuns.isEmpty ? nil : Text.seconds(Text.median($0.idleRuns.map(\.processor)))
            },
            row("bytes over HTTP of that") { $0.idleBytes.max().map(String.init) },
        ]
    }

    private static func peak(_ figures: Figures, _ wanted: (String) -> Bool) -> String? {
        let all = (figures.same + (figures.migrating.map { [$0] } ?? [])).flatMap(\.peaks).filter { wanted($0.key) }
        return all.max { $0.value < $1.value }.map { "\(Text.bytes($0.value)) (\($0.key))" }
    }

    private func states(_ upgrades: (Figures) -> [UpgradeFigures]) -> [(String, [String])] {
        let names = figures.compactMap { upgrades($0).first }.first?.journal.states.map(\.name) ?? []
        return names.filter { $0 != "observing" }.map { name in
            row(name) { figures in
                let all = upgrades(figures).compactMap { $0.journal.states.first { $0.name == name }?.seconds }
                return all.isEmpty ? nil : Text.seconds(Text.median(all))
            }
        }
    }

    private var verbs: [(String, [String])] {
        let names = figures.first?.verbs.map(\.name) ?? []
        return names.map { name in
            row("`\(name)`") { figures in
                figures.verbs.first { $0.name == name }.map {
                    "\(Text.seconds($0.seconds)), \(Text.seconds($0.processor)), \(Text.bytes($0.peakBytes))"
                }
            }
        }
    }

    private var memory: [(String, [String])] {
        let all = figures.map { figures in
            (figures.same + (figures.migrating.map { [$0] } ?? [])).flatMap(\.peaks)
                .reduce(into: [String: Int]()) { $0[$1.key] = max($0[$1.key, default: 0], $1.value) }
        }
        return Set(all.flatMap(\.keys)).sorted().map { name in (name, all.map { $0[name].map(Text.bytes) ?? "–" }) }
    }

    static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}
