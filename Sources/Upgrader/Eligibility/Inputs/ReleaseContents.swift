import Documents
import LinuxHost
import ReleaseContract
import SyncConfiguration
import VersionCatalog

/// What a release of a living server changes, from its own document and the standard rules that it brings.
enum ReleaseContents {
    static let rulesPath = "rules/standard.json"

    /// - Parameter known: standard rule sets, to recognize by their digest what a release that is not here yet brings.
    static func changes(
        from installed: ReleaseManifest, to candidate: ReleaseManifest, known: [[UInt8]]
    ) -> [BroughtChange] {
        func change(_ kind: BroughtChange.Kind, _ text: String) -> BroughtChange {
            BroughtChange(version: candidate.version, kind: kind, text: text)
        }
        var changes = rules(installed, candidate, known).map { change($0.kind, $0.text) }
        let epochs = (installed.dataSchema.writes, candidate.dataSchema.writes)
        if epochs.0 != epochs.1 {
            changes.append(change(.other, "The data is migrated from schema epoch \(epochs.0) to \(epochs.1)"))
        }
        switch (candidate.requiresFullImport, candidate.requiresFullSynchronization) {
        case (true, true): changes.append(change(.fullSynchronization, "Everything is imported and synchronized anew"))
        case (true, false): changes.append(change(.fullSynchronization, "Everything is imported anew"))
        case (false, true): changes.append(change(.fullSynchronization, "Everything is synchronized anew"))
        case (false, false): break
        }
        if !candidate.settingsChanged.isEmpty {
            let names = candidate.settingsChanged.sorted().joined(separator: ", ")
            changes.append(change(.other, "Settings it may change: \(names)"))
        }
        let before = Dictionary(installed.components.map { ($0.name, $0.version) }) { first, _ in first }
        for component in candidate.components where before[component.name] != component.version {
            changes.append(change(.other, "\(component.name) \(component.version)"))
        }
        return changes
    }

    private typealias Line = (kind: BroughtChange.Kind, text: String)

    private static func rules(
        _ installed: ReleaseManifest, _ candidate: ReleaseManifest, _ known: [[UInt8]]
    ) -> [Line] {
        func digest(_ manifest: ReleaseManifest) -> SHA256Digest? {
            manifest.files.first { $0.path == rulesPath }?.digest
        }
        guard digest(installed) != digest(candidate) else { return [] }
        let sets = Dictionary(known.map { (FileDigest.sha256($0), $0) }) { first, _ in first }
        guard let old = digest(installed).flatMap({ sets[$0] }), let new = digest(candidate).flatMap({ sets[$0] }),
            let lines = try? differences(old, new)
        else { return [(.rule, "The default rules change; which of them is not known before the release is here")] }
        return lines
    }

    /// The differences of two sets of standard rules, by rule.
    private static func differences(_ old: [UInt8], _ new: [UInt8]) throws -> [Line] {
        let connectors = [
            ConnectorDefinition(id: "directory", name: "every directory", kind: .activeDirectory),
            ConnectorDefinition(id: "cloud", name: "the cloud", kind: .cloud),
        ]
        func rules(_ bytes: [UInt8]) throws -> [SynchronizationRule] {
            try RuleTemplates(bytes: bytes, file: rulesPath).rules(for: connectors)
        }
        let comparison = RuleComparison(
            rules: try rules(new), connectors: connectors.map { RuleConnector($0) },
            standard: .templates(try rules(old)),
            upgrades: .restoresStandard)
        return comparison.changes.flatMap(lines)
    }

    private static func lines(_ change: RuleChange) -> [Line] {
        switch change.kind {
        case .added, .cloned: return [(.rule, "\(change.name) is new")]
        case .deleted: return [(.rule, "\(change.name) is gone")]
        case .disabled: return [(.rule, "\(change.name) is switched off")]
        case .moved: return []
        case .edited:
            return change.differences.map { difference in
                guard difference.field.hasPrefix("flow ") else {
                    return (.rule, "\(change.name): another \(difference.field)")
                }
                let attribute = difference.field.dropFirst("flow ".count)
                let what =
                    switch (difference.standard, difference.server) {
                    case (nil, _): "\(attribute) begins to flow"
                    case (_, nil): "\(attribute) ceases to flow"
                    default: "\(attribute) flows otherwise"
                    }
                return (.attribute, "\(change.name): \(what)")
            }
        }
    }
}
