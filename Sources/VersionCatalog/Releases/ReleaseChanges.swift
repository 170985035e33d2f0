import Documents

extension ReleaseHistory {
    /// What changes for a server on its way from one version to another: of every release after the installed one, since a
    /// release keeps what those before it brought. Oldest first.
    public func changes(after installed: ProductVersion, through destination: ProductVersion) -> [BroughtChange] {
        let upwards = releases.filter { $0.version <= destination && $0.withdrawn == nil }
            .sorted { $0.version < $1.version }
        // A release that says nothing of a requirement is not known to drop it.
        let demanded = upwards.filter { $0.version <= installed }
            .reduce(into: [:]) { $0.merge($1.demands) { $1 } }
        let way = upwards.filter { $0.version > installed }
        var changes: [BroughtChange] = []
        for (index, release) in way.enumerated() {
            changes += release.changes
            // Only the last word on a requirement counts: the releases before it are not installed, or not for long.
            let later = Set(way[(index + 1)...].flatMap(\.demands.keys))
            for (name, value) in release.demands.sorted(by: { $0.key < $1.key })
            where !later.contains(name) && demanded[name] != value {
                let text = HistoricRelease.demand(name, value)
                changes.append(BroughtChange(version: release.version, kind: .requirement, text: text))
            }
        }
        // The newest system that a release may have is a demand of the one that stays.
        if let last = way.last, let system = last.maximumSystem {
            changes.append(BroughtChange(version: last.version, kind: .requirement, text: "\(system) or older"))
        }
        return changes
    }
}

extension HistoricRelease {
    /// What it changes, beside what it demands of the machine.
    var changes: [BroughtChange] {
        func change(_ kind: BroughtChange.Kind, _ text: String) -> BroughtChange {
            BroughtChange(version: version, kind: kind, text: text)
        }
        var changes = ruleNotes.map { change(.rule, $0) }
        if changesRules, ruleNotes.isEmpty {
            changes.append(change(.rule, "Default rules change" + (changesRulesBasis.map { ": \($0)" } ?? "")))
        }
        switch (needsFullSynchronization, changesRules) {
        case (true?, _):
            changes.append(change(.fullSynchronization, "Everything is imported and synchronized anew"))
        case (nil, true):
            changes.append(
                change(.fullSynchronization, "Changed default rules ask for a full synchronization of their connectors")
            )
        default: break
        }
        if isSecurityRelease {
            let names = vulnerabilities.isEmpty ? "" : ": " + vulnerabilities.joined(separator: ", ")
            changes.append(change(.security, "Security fixes\(names)"))
        }
        if let autoUpgradeFix { changes.append(change(.other, "Automatic upgrade: \(autoUpgradeFix)")) }
        return changes
    }

    /// What the machine must at least have, by the names of `requirements`.
    var demands: [String: String] {
        var demands = requirements
        demands["minimumSystem"] = minimumSystem
        return demands
    }

    static func demand(_ name: String, _ value: String) -> String {
        name == "minimumSystem" ? "\(value) or newer" : "\(requirementTitle(name)) \(value)"
    }

    /// What people call a requirement.
    static func requirementTitle(_ name: String) -> String {
        switch name {
        case "dotnet": ".NET Framework"
        case "tls": "TLS"
        case "powershell": "PowerShell"
        case "sqlLocalDB": "SQL Server LocalDB"
        case "vcRedistributable": "Visual C++ redistributable"
        case "msal": "MSAL"
        default: name
        }
    }
}

extension PublishedRepository {
    /// What the releases of a repository say of themselves on the way from one version to another, oldest first.
    public func changes(after installed: ProductVersion, through destination: ProductVersion) -> [BroughtChange] {
        releases.filter { $0.version > installed && $0.version <= destination && $0.withdrawn == nil }
            .sorted { $0.version < $1.version }
            .compactMap { release in
                release.notes.map { BroughtChange(version: release.version, kind: .other, text: $0) }
            }
    }
}
