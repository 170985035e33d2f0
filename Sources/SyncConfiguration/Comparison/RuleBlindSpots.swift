import Documents

/// What a comparison of rules cannot see.
enum RuleBlindSpots {
    /// From here the first standard precedence can be set in the registry.
    static let firstMovablePrecedence = ProductVersion(2, 4, 18, 0)

    static func sentences(
        connectors: [RuleConnector], standard: StandardRules, upgrades: UpgradeBehavior, hasCustom: Bool
    ) -> [String] {
        var sentences: [String] = []
        if standard == .tagsOnly {
            sentences = [
                "What the standard rules of this version contain is not known here. A standard rule that was edited in place does not show, unless the standard one is switched off beside it.",
                "A standard rule that is switched off may have come so; that cannot be told from one that was switched off here.",
            ]
            let directories = connectors.filter { $0.kind == .activeDirectory }.count
            sentences.append(
                directories > 1
                    ? "A standard rule shows as deleted only where another directory's connector has it; one that was deleted for all of them, or for the cloud's connector, does not show."
                    : "A standard rule that was deleted does not show: no second directory's connector is there to compare with."
            )
            if hasCustom {
                sentences.append(
                    "Rules without a tag are compared with the server's own standard rules; a copy of one that was edited or deleted may pass for an added rule."
                )
            }
        }
        guard case .documented(let installed) = upgrades else { return sentences }
        if let installed, installed >= firstMovablePrecedence {
            sentences.append(
                "Where the registry moves the first standard precedence above 100 (possible from \(firstMovablePrecedence)), standard rules between 100 and that number do not show as moved."
            )
        } else if installed == nil {
            sentences.append(
                "The installed version is not known, so the effects name all versions on which they depend.")
        }
        return sentences
    }
}

extension RuleComparison {
    /// What may have been changed without showing in `changes`, in sentences; empty where everything shows.
    public static func blindSpots(
        rules: [SynchronizationRule], connectors: [Connector], standard: StandardRules, installed: ProductVersion?
    ) -> [String] {
        RuleComparison(rules: rules, connectors: connectors, standard: standard, installed: installed).blindSpots
    }
}
