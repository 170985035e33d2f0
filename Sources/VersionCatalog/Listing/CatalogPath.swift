import Documents

/// `catalog path`: how a server gets from a version to the newest release, or to one that is named.
///
/// Nothing is known of the server but its version, so no risk closes a way: each is named at the upgrade that meets it, and
/// `check` says which of them the server has.
public struct CatalogPath: Sendable {
    struct Way: Sendable {
        let channel: String
        let decision: ReleaseDecision
    }

    let question: CatalogQuestion
    let from: ProductVersion
    let target: ProductVersion?
    let ways: [Way]

    /// - Parameter channel: nil for automatic upgrade and for upgrades by hand.
    public init(
        _ question: CatalogQuestion, from: ProductVersion, to name: String?, channel: String?
    ) throws(CatalogQuestion.Failure) {
        let channel = try question.checked(channel: channel)
        let target = try name.map { name throws(CatalogQuestion.Failure) in try question.release(named: name).version }
        if let target, target <= from { throw .backwards(from, target) }
        self.question = question
        self.from = from
        self.target = target
        let channels = channel.map { [$0] } ?? [ReleaseHistory.autoUpgradeChannel, ReleaseHistory.downloadChannel]
        ways = channels.map { channel in
            Way(
                channel: channel,
                decision: ReleaseChoice.candidate(
                    installed: from, product: question.history.product,
                    offered: question.history.offered(on: question.day, channel: channel), channel: channel,
                    target: target))
        }
    }

    private func risks(from: ProductVersion, to: ProductVersion) -> [Risk] {
        question.risks.filter { $0.concerns(from: from, to: to) }
    }

    /// Releases that were not out yet are many on an early day, and all have the same reason.
    private func passedOver(_ way: Way) -> (told: [PassedOverRelease], later: Int) {
        let told = way.decision.passedOver.filter { passed in
            passed.version == target
                || question.history[passed.version]?.released.map { $0.first <= question.day } ?? true
        }
        return (told, way.decision.passedOver.count - told.count)
    }

    public var text: String {
        var lines = [question.heading]
        if question.history[from] == nil { lines.append("\(from) is not in the release history.") }
        for way in ways { lines += [""] + self.lines(way) }
        return CatalogText.text(lines)
    }

    private func lines(_ way: Way) -> [String] {
        let decision = way.decision
        var lines: [String]
        switch decision.outcome {
        case .upToDate: lines = ["\(way.channel): nothing newer than \(from) is offered."]
        case .unavailable(let code, _): lines = ["\(way.channel): no way from \(from) (\(code))."]
        case .release:
            lines = ["\(way.channel): \(([from] + decision.path).map(\.description).joined(separator: " -> "))"]
        }
        for (from, to) in zip([from] + decision.path, decision.path) {
            if let release = question.history[to] { lines.append("  \(to)  \(arrival(release))") }
            for risk in risks(from: from, to: to) {
                let manner = if case .note = risk.manner { "to be read" } else { "for some servers" }
                lines.append("    \(manner): \(risk.id), \(risk.title)")
            }
        }
        let (told, later) = passedOver(way)
        if !told.isEmpty || later > 0 { lines.append("  passed over:") }
        lines += CatalogText.table(told.map { ["    \($0.version)", $0.reason] })
        if later > 0 { lines.append("    \(later) release\(later == 1 ? " that was" : "s that were") not out yet") }
        return lines
    }

    private func arrival(_ release: HistoricRelease) -> String {
        var words = release.released.map { ["of \($0)"] } ?? []
        if let retired = release.retired {
            words.append(
                release.isRetired(on: question.day)
                    ? "support ended on \(retired)" : "supported until \(retired)")
        }
        if let system = release.minimumSystem { words.append("needs \(system) or newer") }
        return words.joined(separator: ", ")
    }

    public var json: JSONValue {
        [
            "schema": "catalog-path/1", "product": .string(question.history.product),
            "on": CatalogText.json(question.day), "knownUntil": CatalogText.json(question.history.knownUntil),
            "from": CatalogText.json(from), "to": CatalogText.json(target), "ways": .array(ways.map(json)),
        ]
    }

    private func json(_ way: Way) -> JSONValue {
        let hops = zip([from] + way.decision.path, way.decision.path).map { from, to -> JSONValue in
            [
                "from": CatalogText.json(from), "to": CatalogText.json(to),
                "risks": CatalogText.json(risks(from: from, to: to).map(\.id)),
            ]
        }
        var members: [String: JSONValue] = [
            "channel": .string(way.channel), "upgrades": .array(hops),
            "passedOver": .array(
                way.decision.passedOver.map {
                    ["version": CatalogText.json($0.version), "reason": .string($0.reason)]
                }),
        ]
        switch way.decision.outcome {
        case .upToDate: members["outcome"] = "upToDate"
        case .release: members["outcome"] = "path"
        case .unavailable(let code, let why):
            members["outcome"] = "unavailable"
            members["code"] = .string("\(code)")
            members["reason"] = .string(why)
        }
        return .object(members)
    }
}
