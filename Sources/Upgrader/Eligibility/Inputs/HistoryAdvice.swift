import Documents
import VersionCatalog

/// What the release history says of an installed version: its age, its retirement, and the security fixes it lacks.
enum HistoryAdvice {
    static func findings(installed: ProductVersion, history: ReleaseHistory, today: ReleaseDate) -> [AdviceFinding] {
        var findings = [
            securityFixes(installed, history), retirement(installed, history, today), age(installed, history, today),
        ]
        for stop in history.hardStops where installed < stop.below {
            let isPast = stop.from <= today
            findings.append(
                AdviceFinding(
                    id: "hard-stop", title: "Above the oldest version that still synchronizes", outcome: .applies,
                    evidence: "from \(stop.from) on, \(stop.effect) below \(stop.below)",
                    explanation: "The cloud refuses servers of older versions altogether, whatever their own state.",
                    remedy: "Upgrade to \(stop.below) or newer\(isPast ? " now" : " before that day")."))
        }
        if history.knownUntil < today {
            findings.append(
                AdviceFinding(
                    id: "history-ends", title: "Release history up to date", outcome: .applies,
                    evidence: "the release history in this program ends on \(history.knownUntil)",
                    explanation: "What was released since is not known here.",
                    remedy: "Use a newer version of this program for a decision that has to hold."))
        }
        return findings
    }

    private static func securityFixes(_ installed: ProductVersion, _ history: ReleaseHistory) -> AdviceFinding {
        let missed = history.releases.filter { $0.version > installed && $0.withdrawn == nil && $0.isSecurityRelease }
        let names = missed.map(\.version.description).joined(separator: ", ")
        return AdviceFinding(
            id: "security-fixes-missed", title: "No security fixes missed", outcome: missed.isEmpty ? .clear : .applies,
            evidence: missed.isEmpty
                ? "no newer release carries security fixes"
                : "\(missed.count) newer release\(missed.count == 1 ? " carries" : "s carry") security fixes: \(names)",
            explanation: "A server that synchronizes identities is worth attacking as much as the directory itself.",
            remedy: missed.isEmpty ? nil : "Upgrade to the newest release that this report names.")
    }

    private static func retirement(
        _ installed: ProductVersion, _ history: ReleaseHistory, _ today: ReleaseDate
    ) -> AdviceFinding {
        let title = "Version supported"
        let explanation = "A retired version gets no fixes, and nobody promises that it goes on working."
        guard let release = history[installed] else {
            return AdviceFinding(
                id: "retirement", title: title, outcome: .unknown,
                evidence: "\(installed) is not in the release history",
                explanation: explanation, remedy: "Look the version up in the product's own release history.")
        }
        guard let retired = release.retired else {
            return AdviceFinding(
                id: "retirement", title: title, outcome: .clear,
                evidence: "no end of support is known for \(installed)",
                explanation: explanation, remedy: nil)
        }
        let basis = release.retiredBasis.map { " (\($0))" } ?? ""
        let isPast = retired <= today
        return AdviceFinding(
            id: "retirement", title: title, outcome: isPast ? .applies : .clear,
            evidence: "support for \(installed) \(isPast ? "ended" : "ends") on \(retired)\(basis)",
            explanation: explanation, remedy: isPast ? "Upgrade to a release that is supported." : nil)
    }

    private static func age(
        _ installed: ProductVersion, _ history: ReleaseHistory, _ today: ReleaseDate
    ) -> AdviceFinding {
        let title = "Upgraded within the last eighteen months"
        let explanation =
            "Beyond twelve to eighteen months the vendor advises a second server over an upgrade in place."
        guard let released = history[installed]?.released else {
            return AdviceFinding(
                id: "age", title: title, outcome: .unknown, evidence: "the day of \(installed)'s release is not known",
                explanation: explanation, remedy: "Look at the date of the installed program.")
        }
        let months = (today.year - released.year) * 12 + today.month - released.month
        return AdviceFinding(
            id: "age", title: title, outcome: months > 18 ? .applies : .clear,
            evidence: "\(installed) was released in \(released), \(months) months ago", explanation: explanation,
            remedy: months > 18
                ? "Consider a second server with the newest release in staging mode, compare it, and move over." : nil)
    }
}
