import Documents

/// One search for a release, and the words for what it did not find.
struct ReleaseSearch {
    let graph: UpgradeGraph
    let channel: String
    /// All newer releases up to the target, those too that the channel does not offer.
    let newer: [OfferedRelease]
    let target: ProductVersion?

    /// Whether the channel offers anything that is wanted.
    var isOffered: Bool {
        guard let target else { return !graph.releases.isEmpty }
        return graph.vertex(of: target) != nil
    }

    func path(overlooking overlooked: UpgradeGraph.Overlooked = .nothing) -> [Int]? {
        guard let target else { return graph.newestPath(overlooking: overlooked) }
        return graph.vertex(of: target).flatMap { graph.path(to: $0, overlooking: overlooked) }
    }

    /// Newest first. What is older than the target is not passed over: it was not asked for.
    func passedOver(newerThan version: ProductVersion) -> [PassedOverRelease] {
        newer.filter { $0.version > version && (target == nil || $0.version == target) }
            .sorted { $0.version > $1.version }
            .map { PassedOverRelease(version: $0.version, reason: reason($0)) }
    }

    private func reason(_ release: OfferedRelease) -> String {
        if let absence = release.absence(from: channel) { return absence }
        guard let vertex = graph.vertex(of: release.version) else { return "not offered" }
        return obstacle(vertex)
    }

    /// Why a release that the channel offers cannot be reached.
    private func obstacle(_ vertex: Int) -> String {
        if let why = graph.withheld[graph.version(vertex)] { return why }
        if graph.accepts(vertex, from: 0) { return words(graph.blocking(from: 0, to: vertex)) }
        let refusal = refusal(vertex)
        let accepted = (1..<vertex).reversed().filter { graph.accepts(vertex, from: $0) }
        if let reached = accepted.first(where: { graph.distance(to: $0) != nil }) {
            return "\(refusal), and over \(graph.version(reached)): \(words(graph.blocking(from: reached, to: vertex)))"
        }
        return "\(refusal), and no release on the way can be had\(wayText(to: vertex, accepted))"
    }

    /// The newest release that would be on the way, and why it is not.
    private func wayText(to vertex: Int, _ accepted: [Int]) -> String {
        guard let release = graph.release(vertex) else { return "" }
        if let missing = accepted.first {
            let why = graph.withheld[graph.version(missing)] ?? words(graph.blocking(from: 0, to: missing))
            return " (\(graph.version(missing)): \(why.isEmpty ? refusal(missing) : why))"
        }
        let absent = newer.filter { $0.version < release.version && release.accepts($0.version) }
            .max { $0.version < $1.version }
        guard let absent, let why = absent.absence(from: channel) else { return "" }
        return " (\(absent.version): \(why))"
    }

    private func refusal(_ vertex: Int) -> String {
        if let oldest = graph.release(vertex)?.upgradesFrom, graph.installed < oldest {
            return "upgrades only from \(oldest) or newer"
        }
        return "does not upgrade \(graph.installed)"
    }

    private func words(_ findings: [RiskFinding]) -> String {
        findings.map { finding in
            let end = finding.outcome == .unknown ? "is unknown and counts as applying" : "applies"
            return "risk \"\(finding.risk.id): \(finding.risk.title) — \(finding.evidence)\" \(end)"
        }.joined(separator: ", ")
    }

    /// How a person opens a way that risks close.
    func acceptance(_ path: [Int]) -> String {
        var names: [String] = []
        for (from, to) in zip([0] + path, path) {
            for finding in graph.blocking(from: from, to: to) where !names.contains(finding.risk.id) {
                names.append(finding.risk.id)
            }
        }
        guard let last = path.last else { return "" }
        let options = names.map { "--accept-risk \($0)" }.joined(separator: " ")
        return ". To upgrade to \(graph.version(last)) all the same: \(options), or acceptedRisks in the configuration"
    }
}

extension OfferedRelease {
    /// Why a channel does not offer it; nil where it does.
    func absence(from channel: String) -> String? {
        if let withdrawn { return "withdrawn: \(withdrawn)" }
        if let notOffered { return notOffered }
        if channels.contains(channel) { return nil }
        let others = channels.isEmpty ? "no channel" : "only in " + channels.joined(separator: ", ")
        return "not in the channel \(channel) (\(others))"
    }
}
