import Documents
import ReleaseContract

/// Chooses the release that a server should be upgraded to.
public enum ReleaseChoice {
    /// The way to the newest release that the channel offers, that the installed version may be upgraded to, at once or by
    /// releases on the way, and whose known risks do not apply or were accepted. Its first step is the candidate.
    ///
    /// Of the ways to the same release the one with the fewest upgrades is taken, then the one whose steps are newest.
    ///
    /// - Parameters:
    ///   - offered: all releases, in any order; those of other products are left aside.
    ///   - target: the only version that is wanted at the end of the way; nil for the newest.
    ///   - withheld: releases that are not tried on this server now, with the reason (a failure that is too recent, an
    ///     archive that was damaged three times).
    ///   - unknownRisksBlock: a risk of which nobody knows whether it applies counts as applying.
    ///   - risks: what is known of an upgrade from one version to another on this server; asked at most once for each.
    public static func candidate(
        installed: ProductVersion, product: String, offered: [OfferedRelease], channel: String,
        target: ProductVersion? = nil, withheld: [ProductVersion: String] = [:], unknownRisksBlock: Bool = true,
        risks: (_ from: ProductVersion, _ to: ProductVersion) -> [RiskFinding] = { _, _ in [] }
    ) -> ReleaseDecision {
        let ours = offered.filter { $0.product == product }
        if let refused = refusal(of: channel, offered: ours) { return refused }
        if let target, let refused = refusal(of: target, installed: installed, offered: ours) { return refused }
        let newer = ours.filter { release in
            release.version > installed && target.map { release.version <= $0 } ?? true
        }
        return withoutActuallyEscaping(risks) { risks in
            let graph = UpgradeGraph(
                installed: installed, releases: newer.filter { $0.absence(from: channel) == nil }, withheld: withheld,
                unknownRisksBlock: unknownRisksBlock, risks: risks)
            return decide(ReleaseSearch(graph: graph, channel: channel, newer: newer, target: target))
        }
    }

    private static func decide(_ search: ReleaseSearch) -> ReleaseDecision {
        if let path = search.path(), let first = path.first, let last = path.last,
            let candidate = search.graph.release(first)
        {
            return ReleaseDecision(
                outcome: .release(candidate), passedOver: search.passedOver(newerThan: search.graph.version(last)),
                path: path.map(search.graph.version), risks: search.graph.findings(along: path))
        }
        let passedOver = search.passedOver(newerThan: search.graph.installed)
        let (outcome, closed) = nothingLeft(search, passedOver)
        return ReleaseDecision(outcome: outcome, passedOver: passedOver, risks: search.graph.findings(along: closed))
    }

    /// A channel that no release is in: a slip of the pen, or the wrong repository. Nothing of it is up to date.
    private static func refusal(of channel: String, offered: [OfferedRelease]) -> ReleaseDecision? {
        guard !offered.isEmpty, !offered.contains(where: { $0.channels.contains(channel) }) else { return nil }
        let known = Set(offered.flatMap(\.channels)).sorted()
        let words = known.isEmpty ? "no release is in any channel" : "the channels are " + known.joined(separator: ", ")
        return ReleaseDecision(
            outcome: .unavailable(
                .aborted("ChannelUnknown"), "there is no channel \"\(channel)\", so nothing is offered; \(words)"),
            passedOver: [])
    }

    /// A wanted version that cannot be had. That says nothing of the server, so it is never "not supported".
    private static func refusal(
        of target: ProductVersion, installed: ProductVersion, offered: [OfferedRelease]
    ) -> ReleaseDecision? {
        if target == installed { return ReleaseDecision(outcome: .upToDate, passedOver: []) }
        if target < installed {
            return ReleaseDecision(
                outcome: .unavailable(
                    .aborted("TargetOlderThanInstalled"),
                    "\(target) is older than the installed \(installed); upgrades only go forwards"), passedOver: [])
        }
        guard offered.contains(where: { $0.version == target }) else {
            return ReleaseDecision(
                outcome: .unavailable(
                    .aborted("TargetNotOffered"), "\(target) is not among the releases that are offered"),
                passedOver: [])
        }
        return nil
    }

    /// Nothing is called up to date that is not: a newer release in the server's channel that cannot be had is said, with
    /// what would have to be otherwise; and with the way that would then be open.
    private static func nothingLeft(
        _ search: ReleaseSearch, _ passedOver: [PassedOverRelease]
    ) -> (ReleaseDecision.Outcome, closed: [Int]) {
        let reasons = passedOver.map { "\($0.version): \($0.reason)" }.joined(separator: "; ")
        if search.path(overlooking: .withholding) != nil {
            return (.unavailable(.aborted("ReleaseWithheld"), reasons), [])
        }
        if let path = search.path(overlooking: .unknownRisks) {
            return (.unavailable(.aborted("RiskUnknown"), reasons + search.acceptance(path)), path)
        }
        if let path = search.path(overlooking: .risks) {
            return (.unavailable(.aborted("KnownRisk"), reasons + search.acceptance(path)), path)
        }
        if search.isOffered { return (.unavailable(.notSupported("NoUpgradePath"), reasons), []) }
        if search.target != nil { return (.unavailable(.aborted("TargetNotOffered"), reasons), []) }
        return (.upToDate, [])
    }
}
