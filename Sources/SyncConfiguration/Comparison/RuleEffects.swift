import Documents

/// What an upgrade does to a changed rule, in sentences.
struct RuleEffects {
    /// What became of the rule that a copy was made of.
    enum OriginalState { case enabled, disabled, deleted }

    /// From here an edited rule stays on, by one of the documents.
    static let firstKeepingEdited = ProductVersion(1, 3, 7, 0)
    /// From here an attended upgrade warns before it overwrites edited rules.
    static let firstWarning = ProductVersion(1, 1, 880, 0)
    /// From here upgrades no longer push standard rules below the first standard precedence.
    static let firstKeepingPrecedence = ProductVersion(1, 1, 561, 0)
    /// From here the first standard rule shows 100 instead of 99.
    static let firstShowingHundred = ProductVersion(1, 1, 819, 0)

    private let installed: ProductVersion?
    private let restores: Bool

    init(upgrades: UpgradeBehavior) {
        switch upgrades {
        case .documented(let version): (installed, restores) = (version, false)
        case .restoresStandard: (installed, restores) = (nil, true)
        }
    }

    func edited(isPair: Bool) -> String {
        if restores { return "An upgrade sets it back to what the new release brings." }
        var sentences: [String] = []
        if (installed ?? ProductVersion(0, 0, 0, 0)) < Self.firstKeepingEdited {
            let warning =
                (installed ?? ProductVersion(0, 0, 0, 0)) < Self.firstWarning
                ? "without a word before \(Self.firstWarning), where attended since then with a warning"
                : "where attended with a warning"
            sentences.append("An upgrade to a version before \(Self.firstKeepingEdited) overwrites it, \(warning).")
        }
        sentences.append(
            "For versions from \(Self.firstKeepingEdited) the product's documents disagree: the page on fixing rules says that the rule stays on as it is, with the new standard rule switched off beside it, so that fixes do not arrive; the pages on upgrades and best practice say that it is set back to the standard."
        )
        if isPair { sentences.append("This server shows the former: a standard rule is switched off beside it.") }
        return sentences.joined(separator: " ")
    }

    var switchedOn: String { "It stays switched on." }

    var disabled: String { "It stays switched off, so that what an upgrade mends in it has no effect." }

    func deleted(_ rule: SynchronizationRule, seenAt: String?) -> String {
        let state = restores && rule.isDisabled ? "switched off, as the release brings it" : "switched on"
        let effect = "It comes back with an upgrade, \(state)."
        guard let seenAt else { return effect }
        return "\(effect) That it is missing is concluded from the connector \(seenAt), which has it."
    }

    func moved(_ precedence: Int, isFirst: Bool) -> String {
        if restores { return "An upgrade gives it the release's precedence again." }
        if precedence == 99, isFirst, (installed ?? Self.firstKeepingPrecedence) < Self.firstShowingHundred {
            return
                "Nothing follows from it if it was shown so all along: versions before \(Self.firstShowingHundred) number the first standard rule 99 by a defect."
        }
        return
            "An upgrade does not move it back, and it ranks with the administrator's own rules. Upgrades before \(Self.firstKeepingPrecedence) pushed standard rules below 100 by a defect that later ones do not repair, so nobody need have moved it."
    }

    func added(_ rule: SynchronizationRule) -> String {
        let effect = "It stays as it is; new standard rules that write the same attributes rank by precedence."
        guard rule.precedence >= RuleTemplates.firstStandardPrecedence else { return effect }
        return "\(effect) Its own lies among the standard rules' and may shift when an upgrade brings more of them."
    }

    func unknownTag(_ rule: SynchronizationRule) -> String {
        // The release's rules have no tags, so the rule came from elsewhere and is the administrator's.
        if restores { return added(rule) }
        return
            "It has the tag \(rule.record.immutableTag), which no standard rule of this version has: it is left from another version, or was given the tag by hand. What an upgrade does to it is not documented."
    }

    func cloned(original: OriginalState) -> String {
        let effect = "It stays as it is and misses, without a word, what an upgrade adds to the original"
        return switch original {
        case .disabled: "\(effect), which is switched off and stays so."
        case .enabled: "\(effect), which is switched on beside it."
        case .deleted: "\(effect), which is deleted and comes back with an upgrade, beside the copy."
        }
    }
}
