import Documents
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

/// Invented graphs against an oracle that tries every sequence of releases there is.
struct UpgradeGraphTests {
    static func version(_ minor: Int) -> ProductVersion { ProductVersion(1, minor, 0, 0) }

    /// A server at 1.0.0.0 and up to eight newer releases, from a seed.
    struct Invented: CustomStringConvertible {
        var offered: [OfferedRelease] = []
        var withheld: [ProductVersion: String] = [:]
        var target: ProductVersion?
        var unknownRisksBlock: Bool
        var risks: [String: [RiskFinding]] = [:]
        let seed: UInt64

        init(seed: UInt64) {
            self.seed = seed
            var random = SeededGenerator(seed: seed)
            func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
            let count = Int.random(in: 1...8, using: &random)
            unknownRisksBlock = chance(60)
            // Dense and sparse ones: how often a release wants a newer predecessor, and how often a risk is about.
            let (chained, risky) = (Int.random(in: 0...95, using: &random), Int.random(in: 0...60, using: &random))
            let reach = chance(50) ? 2 : 8
            for minor in 0...count {
                var release = OfferedRelease(
                    product: "p", version: UpgradeGraphTests.version(minor), channels: chance(85) ? ["c", "d"] : ["d"])
                if minor > 0, chance(chained) {
                    let oldest = Int.random(in: max(0, minor - reach)...minor, using: &random)
                    release.upgradesFrom = UpgradeGraphTests.version(oldest)
                }
                if chance(15) {
                    let from = Int.random(in: 0...minor, using: &random)
                    let below = from + Int.random(in: 1...3, using: &random)
                    release.refuses = [UpgradeGraphTests.version(from)..<UpgradeGraphTests.version(below)]
                }
                if chance(5) { release.withdrawn = "broken" }
                if chance(5) { release.notOffered = "not yet" }
                if chance(12) { withheld[release.version] = "held" }
                offered.append(release)
            }
            offered.append(OfferedRelease(product: "q", version: UpgradeGraphTests.version(99), channels: ["c"]))
            offered.shuffle(using: &random)
            if chance(30) { target = UpgradeGraphTests.version(Int.random(in: 1...count, using: &random)) }
            for from in 0..<count {
                for to in (from + 1)...count where chance(risky) {
                    let outcome = RiskFinding.Outcome.allCases.randomElement(using: &random) ?? .clear
                    risks["\(from)-\(to)"] = [Self.finding("r\(Int.random(in: 0...3, using: &random))", outcome)]
                }
            }
        }

        static func finding(_ id: String, _ outcome: RiskFinding.Outcome) -> RiskFinding {
            let risk = Risk(
                id: id, product: "p", title: "t", reach: .crossing(UpgradeGraphTests.version(0)),
                manner: .note(why: "w"), consequence: "c", remedy: "m", source: "s")
            return RiskFinding(risk: risk, outcome: outcome, evidence: "e")
        }

        func findings(_ from: ProductVersion, _ to: ProductVersion) -> [RiskFinding] {
            risks["\(from.minor)-\(to.minor)"] ?? []
        }

        func decide(_ ask: (ProductVersion, ProductVersion) -> [RiskFinding]) -> ReleaseDecision {
            ReleaseChoice.candidate(
                installed: UpgradeGraphTests.version(0), product: "p", offered: offered, channel: "c", target: target,
                withheld: withheld, unknownRisksBlock: unknownRisksBlock, risks: ask)
        }

        var description: String { "graph \(seed)" }
    }

    /// What may be taken for granted to see what stands in the way.
    private struct Pardon {
        var withheld = false
        var unknown = false
        var applying = false
    }

    /// Every ascending sequence of newer releases is tried, hop by hop, with nothing remembered.
    private static func best(_ graph: Invented, _ pardon: Pardon = Pardon()) -> [Int]? {
        let all = graph.offered.filter { $0.product == "p" && $0.version > version(0) }
            .sorted { $0.version < $1.version }
        var best: [Int]?
        for choice in 1..<(1 << all.count) {
            let chosen = all.indices.filter { choice >> $0 & 1 == 1 }.map { all[$0] }
            guard graph.target == nil || chosen.last?.version == graph.target else { continue }
            var here = version(0)
            var isWhole = true
            for release in chosen {
                isWhole = isWhole && may(graph, here, release, pardon)
                here = release.version
            }
            guard isWhole else { continue }
            let path = chosen.map(\.version.minor)
            if best.map({ isBetter(path, than: $0) }) ?? true { best = path }
        }
        return best
    }

    private static func may(_ graph: Invented, _ from: ProductVersion, _ release: OfferedRelease, _ pardon: Pardon)
        -> Bool
    {
        if release.withdrawn != nil || release.notOffered != nil || !release.channels.contains("c") { return false }
        if !pardon.withheld, graph.withheld[release.version] != nil { return false }
        if let oldest = release.upgradesFrom, from < oldest { return false }
        for range in release.refuses where from >= range.lowerBound && from < range.upperBound { return false }
        for finding in graph.findings(from, release.version) {
            if finding.outcome == .applies, !pardon.applying { return false }
            if finding.outcome == .unknown, graph.unknownRisksBlock, !pardon.unknown { return false }
        }
        return true
    }

    private static func isBetter(_ left: [Int], than right: [Int]) -> Bool {
        if left.last != right.last { return (left.last ?? 0) > (right.last ?? 0) }
        if left.count != right.count { return left.count < right.count }
        return right.lexicographicallyPrecedes(left)
    }

    private static func outcome(_ graph: Invented) -> String {
        let newer = graph.offered.filter { $0.product == "p" && $0.version > version(0) }
        let inChannel = newer.filter { $0.channels.contains("c") && $0.withdrawn == nil && $0.notOffered == nil }
        if !graph.offered.contains(where: { $0.product == "p" && $0.channels.contains("c") }) {
            return "UpgradeAbortedChannelUnknown"
        }
        if best(graph, Pardon(withheld: true)) != nil { return "UpgradeAbortedReleaseWithheld" }
        if best(graph, Pardon(withheld: true, unknown: true)) != nil { return "UpgradeAbortedRiskUnknown" }
        if best(graph, Pardon(withheld: true, unknown: true, applying: true)) != nil {
            return "UpgradeAbortedKnownRisk"
        }
        if let target = graph.target {
            return inChannel.contains { $0.version == target }
                ? "UpgradeNotSupportedNoUpgradePath" : "UpgradeAbortedTargetNotOffered"
        }
        return inChannel.isEmpty ? "upToDate" : "UpgradeNotSupportedNoUpgradePath"
    }

    private static func text(_ outcome: ReleaseDecision.Outcome) -> String {
        switch outcome {
        case .upToDate: "upToDate"
        case .release(let release): "\(release.version)"
        case .unavailable(let code, _): "\(code)"
        }
    }

    @Test("A thousand invented graphs: path, outcome, and who is passed over are what the oracle says")
    func oracle() {
        var seen: [String: Int] = [:]
        for seed in 1...1000 {
            let graph = Invented(seed: UInt64(seed))
            var asked: [String: Int] = [:]
            let decision = graph.decide { from, to in
                asked["\(from)-\(to)", default: 0] += 1
                return graph.findings(from, to)
            }
            #expect(asked.values.allSatisfy { $0 == 1 }, "\(graph): an upgrade was judged twice")
            guard let path = Self.best(graph) else {
                #expect(Self.text(decision.outcome) == Self.outcome(graph), "\(graph)")
                seen[Self.outcome(graph), default: 0] += 1
                check(passedOver: decision, graph, above: 0)
                continue
            }
            #expect(decision.path.map(\.minor) == path, "\(graph)")
            #expect(decision.candidate?.version.minor == path.first, "\(graph)")
            #expect(decision.risks.allSatisfy { $0.outcome != .applies }, "\(graph)")
            check(passedOver: decision, graph, above: path.last ?? 0)
            seen["path of \(path.count)", default: 0] += 1
        }
        // The generator reaches everything that the oracle tells apart.
        for kind in [
            "path of 1", "path of 2", "path of 3", "path of 4", "upToDate", "UpgradeAbortedReleaseWithheld",
            "UpgradeAbortedRiskUnknown", "UpgradeAbortedKnownRisk", "UpgradeNotSupportedNoUpgradePath",
            "UpgradeAbortedTargetNotOffered", "UpgradeAbortedChannelUnknown",
        ] {
            #expect(seen[kind, default: 0] > 0, "no graph gives \(kind): \(seen)")
        }
    }

    private func check(passedOver decision: ReleaseDecision, _ graph: Invented, above minor: Int) {
        if Self.text(decision.outcome) == "UpgradeAbortedChannelUnknown" { return }
        let expected = graph.offered.filter { release in
            release.product == "p" && release.version.minor > minor
                && graph.target.map { $0 == release.version } ?? true
        }
        #expect(
            decision.passedOver.map(\.version) == expected.map(\.version).sorted(by: >), "\(graph)")
        #expect(decision.passedOver.allSatisfy { !$0.reason.isEmpty }, "\(graph)")
    }

    @Test("The newest release being open, one question is all that is asked")
    func oneQuestion() {
        let offered = (0...400).map { OfferedRelease(product: "p", version: Self.version($0), channels: ["c"]) }
        var questions = 0
        let decision = ReleaseChoice.candidate(
            installed: Self.version(0), product: "p", offered: offered, channel: "c"
        ) { _, _ in
            questions += 1
            return []
        }
        #expect(decision.path == [Self.version(400)])
        #expect(questions == 1)
    }

    @Test("A chain of four hundred releases, each of which accepts only the one before, is gone step by step")
    func longChain() {
        let offered = (1...400).map {
            OfferedRelease(
                product: "p", version: Self.version($0), channels: ["c"], upgradesFrom: Self.version($0 - 1))
        }
        var questions = 0
        let decision = ReleaseChoice.candidate(
            installed: Self.version(0), product: "p", offered: offered, channel: "c"
        ) { _, _ in
            questions += 1
            return []
        }
        #expect(decision.path == offered.map(\.version))
        #expect(questions == 400)
    }
}
