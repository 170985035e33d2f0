import Documents
import ReleaseContract

/// Chooses the release that a server should be upgraded to.
public enum ReleaseChoice {
    /// The newest offered release that the channel has, that is newer than the installed version, accepts it, and is
    /// not withheld.
    ///
    /// - Parameters:
    ///   - target: the only version that is wanted; nil for the newest.
    ///   - withheld: releases that are not tried on this server now, with the reason (a failure that is too recent, an
    ///     archive that was damaged three times).
    ///   - unknownRisksBlock: a risk of which nobody knows whether it applies counts as applying.
    ///   - risks: what is known of an upgrade from one version to another on this server.
    public static func candidate(
        installed: ProductVersion, product: String, offered: [OfferedRelease], channel: String,
        target: ProductVersion? = nil, withheld: [ProductVersion: String] = [:], unknownRisksBlock: Bool = true,
        risks: (_ from: ProductVersion, _ to: ProductVersion) -> [RiskFinding] = { _, _ in [] }
    ) -> ReleaseDecision {
        let ours = offered.filter { $0.product == product }
        if let target, let refused = refusal(of: target, installed: installed, offered: ours) { return refused }
        let newer = ours.filter { $0.version > installed && (target == nil || $0.version == target) }
            .sorted { $0.version > $1.version }
        var passedOver: [PassedOverRelease] = []
        var waitingForTime = false
        var refusesInstalled = false
        for release in newer {
            if let obstacle = obstacle(release, installed: installed, channel: channel, withheld: withheld) {
                passedOver.append(PassedOverRelease(version: release.version, reason: obstacle.reason))
                waitingForTime = waitingForTime || obstacle.kind == .withheld
                refusesInstalled = refusesInstalled || obstacle.kind == .installedVersion
                continue
            }
            return ReleaseDecision(outcome: .release(release), passedOver: passedOver)
        }
        let outcome = nothingLeft(
            passedOver, wanted: target, waitingForTime: waitingForTime, refusesInstalled: refusesInstalled)
        return ReleaseDecision(outcome: outcome, passedOver: passedOver)
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

    private struct Obstacle {
        enum Kind { case channel, withdrawn, installedVersion, withheld }
        let kind: Kind
        let reason: String
    }

    private static func obstacle(
        _ release: OfferedRelease, installed: ProductVersion, channel: String, withheld: [ProductVersion: String]
    ) -> Obstacle? {
        if let reason = release.withdrawn { return Obstacle(kind: .withdrawn, reason: "withdrawn: \(reason)") }
        guard release.channels.contains(channel) else {
            let others = release.channels.isEmpty ? "no channel" : "only in " + release.channels.joined(separator: ", ")
            return Obstacle(kind: .channel, reason: "not in the channel \(channel) (\(others))")
        }
        if let oldest = release.upgradesFrom, installed < oldest {
            return Obstacle(kind: .installedVersion, reason: "upgrades only from \(oldest) or newer")
        }
        return withheld[release.version].map { Obstacle(kind: .withheld, reason: $0) }
    }

    /// Nothing is called up to date that is not: a newer release in the server's channel that cannot be had is said.
    private static func nothingLeft(
        _ passedOver: [PassedOverRelease], wanted: ProductVersion?, waitingForTime: Bool, refusesInstalled: Bool
    ) -> ReleaseDecision.Outcome {
        let reasons = passedOver.map { "\($0.version): \($0.reason)" }.joined(separator: "; ")
        if waitingForTime { return .unavailable(.aborted("ReleaseWithheld"), reasons) }
        if refusesInstalled { return .unavailable(.notSupported("NoUpgradePath"), reasons) }
        if wanted != nil { return .unavailable(.aborted("TargetNotOffered"), reasons) }
        return .upToDate
    }
}
