import Documents

/// `catalog show`: everything that is known of one release.
public struct CatalogRelease: Sendable {
    let question: CatalogQuestion
    let release: HistoricRelease

    /// - Parameter name: the version, also in the spelling of the published history.
    public init(_ question: CatalogQuestion, named name: String) throws(CatalogQuestion.Failure) {
        self.question = question
        release = try question.release(named: name)
    }

    /// Risks of upgrades to it from the release before, and those that it brings to whoever crosses it.
    private var risks: [Risk] {
        let history = question.history.releases
        let before = history.first { $0.version < release.version }?.version ?? ProductVersion(0, 0, 0, 0)
        return question.risks.filter { $0.concerns(from: before, to: release.version) }
    }

    private var changes: [BroughtChange] {
        let before = question.history.releases.first { $0.version < release.version && $0.withdrawn == nil }
        return question.history.changes(
            after: before?.version ?? ProductVersion(0, 0, 0, 0), through: release.version)
    }

    private var hardStops: [HardStop] { question.history.hardStops.filter { release.version < $0.below } }

    private var offeredBy: [String] {
        question.channels.filter { release.withdrawn == nil && release.absence(on: question.day, from: $0) == nil }
    }

    public var text: String {
        var lines = ["\(release.version)\(release.publishedAs.map { " (published as \($0))" } ?? "")", ""]
        lines += CatalogText.table(facts.map { ["  \($0.0)", $0.1] })
        for (title, texts) in sections where !texts.isEmpty { lines += ["", title] + texts.map { "  \($0)" } }
        return CatalogText.text(lines)
    }

    private var facts: [(String, String)] {
        var facts = [("released", release.released.map { "\($0)" } ?? "not known: \(release.undated ?? "")")]
        if let withdrawn = release.withdrawn { facts.append(("withdrawn", withdrawn)) }
        var channels = release.channels.isEmpty ? "none" : release.channels.joined(separator: ", ")
        if !release.channelsAreStated { channels += " (taken for granted; they were never published)" }
        facts.append(("channels", channels))
        if release.channels.contains(ReleaseHistory.autoUpgradeChannel) {
            let from = release.autoUpgradeFrom ?? release.released
            let until = release.autoUpgradeUntil.map { ", ceased on \($0)" } ?? ""
            facts.append(("automatic", "from \(from.map { "\($0)" } ?? "an unknown day")\(until)"))
        }
        let offered = offeredBy.isEmpty ? "nobody" : offeredBy.joined(separator: ", ")
        facts.append(("offered by", "\(offered) on \(question.day)"))
        facts.append(("support", support))
        if release.isSecurityRelease {
            let names = release.vulnerabilities.isEmpty ? "yes" : release.vulnerabilities.joined(separator: ", ")
            facts.append(("security fixes", names))
        }
        facts.append(("full sync", fullSynchronization))
        if let agent = release.healthAgent { facts.append(("health agent", "\(agent)")) }
        if let note = release.note { facts.append(("note", note)) }
        return facts
    }

    private var support: String {
        guard let retired = release.retired else {
            return release.withdrawn == nil ? "open: its end is not published" : "never"
        }
        let basis = release.retiredBasis.map { ", \($0)" } ?? ""
        let distance = CatalogText.distance(of: retired, from: question.day)
        return "\(release.isRetired(on: question.day) ? "ended" : "ends") on \(retired) (\(distance)\(basis))"
    }

    private var fullSynchronization: String {
        switch release.needsFullSynchronization {
        case true?: "follows the upgrade"
        case false?: "not needed"
        case nil: release.changesRules ? "to be expected: default rules change" : "nothing is published"
        }
    }

    private var sections: [(String, [String])] {
        [
            ("Hard stops", hardStops.map { "from \($0.from) on, \($0.effect) below \($0.below)" }),
            ("Needs of the machine", demands),
            ("Default rules", changes.filter { $0.kind == .rule }.map(\.text)),
            (
                "Known risks",
                risks.flatMap { risk -> [String] in
                    ["\(risk.id): \(risk.title)", "  \(risk.consequence)", "  \(manner(risk))", "  \(risk.remedy)"]
                }
            ),
            ("Mends", (release.autoUpgradeFix.map { ["automatic upgrade: \($0)"] } ?? []) + release.fixes),
            ("Does not upgrade", release.refuses.map { "from \($0.lowerBound) to below \($0.upperBound)" }),
        ]
    }

    private var demands: [String] {
        var all = release.demands.sorted { $0.key < $1.key }.map { HistoricRelease.demand($0.key, $0.value) }
        if let system = release.maximumSystem { all.append("\(system) or older") }
        return all
    }

    private func manner(_ risk: Risk) -> String {
        switch risk.manner {
        case .appliesWhen: "'check' says whether a server has it"
        case .note(let why): "to be read: \(why)"
        }
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "schema": "catalog-release/1", "product": .string(question.history.product),
            "on": CatalogText.json(question.day), "version": CatalogText.json(release.version),
            "released": CatalogText.json(release.released), "channels": CatalogText.json(release.channels),
            "channelsStated": .bool(release.channelsAreStated),
            "autoUpgradeFrom": CatalogText.json(release.autoUpgradeFrom),
            "autoUpgradeUntil": CatalogText.json(release.autoUpgradeUntil),
            "offeredBy": CatalogText.json(offeredBy), "retired": CatalogText.json(release.retired),
            "isRetired": .bool(release.isRetired(on: question.day)), "security": .bool(release.isSecurityRelease),
            "vulnerabilities": CatalogText.json(release.vulnerabilities),
            "changesRules": .bool(release.changesRules), "ruleNotes": CatalogText.json(release.ruleNotes),
            "fullSynchronization": release.needsFullSynchronization.map(JSONValue.bool) ?? .null,
            "demands": .object(release.demands.mapValues(JSONValue.string)),
            "fixes": CatalogText.json(release.fixes), "hardStops": .array(hardStops.map(CatalogText.json)),
            "risks": .array(risks.map(json)),
        ]
        members["publishedAs"] = release.publishedAs.map(JSONValue.string)
        members["undated"] = release.undated.map(JSONValue.string)
        members["withdrawn"] = release.withdrawn.map(JSONValue.string)
        members["retiredBasis"] = release.retiredBasis.map(JSONValue.string)
        members["maximumSystem"] = release.maximumSystem.map(JSONValue.string)
        members["autoUpgradeFix"] = release.autoUpgradeFix.map(JSONValue.string)
        members["healthAgent"] = release.healthAgent.map { .string("\($0)") }
        members["note"] = release.note.map(JSONValue.string)
        return .object(members)
    }

    private func json(_ risk: Risk) -> JSONValue {
        let isNote = if case .note = risk.manner { true } else { false }
        return [
            "id": .string(risk.id), "title": .string(risk.title), "consequence": .string(risk.consequence),
            "remedy": .string(risk.remedy), "note": .bool(isNote),
        ]
    }
}
