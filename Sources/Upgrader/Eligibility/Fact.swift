import Documents
import SyncConfiguration

/// One fact as a condition looks at it: a value with what it rests on, or why it is not known.
public enum Fact: Equatable, Sendable {
    case known(FactValue, evidence: String)
    case unknown(String)
}

public enum FactValue: Equatable, Sendable {
    case flag(Bool)
    case number(Int)
    case text(String)
    case version(ProductVersion)
}

/// The facts that a condition in the catalog may name.
public enum FactName: Equatable, Sendable {
    /// `parameter <full name>`: a global parameter. With an `!` at the end, one that a server without the feature lacks.
    case parameter(String, absentMeansFalse: Bool)
    case property(Property)

    public enum Property: String, Sendable, CaseIterable {
        case version
        case serverRenamed = "server.renamed"
        case serviceRunning = "service.running"
        case configurationInProgress = "configuration.inProgress"
        case consoleOpen = "console.open"
        case databaseBytes = "database.bytes"
        case databaseWritable = "database.writable"
        case databaseKind = "database.kind"
        case metaverseObjects = "metaverse.objects"
        case forests = "connectors.forests"
        case cloudConnectors = "connectors.cloud"
        case defaultAccounts = "accounts.default"
        case customRules = "rules.custom"
        case healthUpload = "health.uploadEnabled"
        case diskSpare = "disk.spareBytes"
        case attemptsWritable = "attempts.writable"
        /// How the server was installed. No input says it yet.
        case installKind = "install.kind"
        case signInMethod = "signIn.method"
        case securityGroups = "securityGroups.present"
        case tlsVersion = "tls.version"
    }

    public init?(_ text: String) {
        if text.hasPrefix("parameter ") {
            let name = text.dropFirst("parameter ".count)
            let isOptional = name.hasSuffix("!")
            self = .parameter(String(isOptional ? name.dropLast() : name), absentMeansFalse: isOptional)
        } else if let property = Property(rawValue: text) {
            self = .property(property)
        } else {
            return nil
        }
    }
}

extension ServerFacts {
    /// Looks a fact up. `requiredDiskBytes` is what the candidate needs for itself, without copies of the data.
    public func fact(_ name: FactName, requiredDiskBytes: Int?) -> Fact {
        switch name {
        case .parameter(let name, let absentMeansFalse): parameter(name, absentMeansFalse)
        case .property(let property): value(of: property, requiredDiskBytes: requiredDiskBytes)
        }
    }

    private func parameter(_ name: String, _ absentMeansFalse: Bool) -> Fact {
        guard let parameters else { return .unknown("the parameters are not known") }
        if let text = parameters[name] {
            return .known(.text(text), evidence: "\(name) is \(text.isEmpty ? "empty" : text)")
        }
        if absentMeansFalse {
            return .known(.text("False"), evidence: "\(name) is not among the parameters: not in use")
        }
        return .unknown("\(name) is not among the parameters")
    }

    private func value(of property: FactName.Property, requiredDiskBytes: Int?) -> Fact {
        switch property {
        case .version: known(version, "the installed version") { (.version($0), "version \($0)") }
        case .serverRenamed: renamed
        case .serviceRunning: flag(serviceRunning, "the service is running", "the service is not running")
        case .configurationInProgress:
            flag(configurationInProgress, "a configuration is in progress", "no configuration is in progress")
        case .consoleOpen: flag(consoleOpen, "the management console is open", "the management console is closed")
        case .databaseBytes: known(databaseBytes, "the database's size") { (.number($0), "database of \($0) bytes") }
        case .databaseWritable:
            flag(databaseWritable, "the database can be written", "the database cannot be written")
        case .databaseKind: known(databaseKind, "the kind of database") { (.text($0), "database: \($0)") }
        case .metaverseObjects:
            known(metaverseObjects, "the number of objects") { (.number($0), "\($0) objects in the metaverse") }
        case .forests: connectorCount(.activeDirectory, "Active Directory")
        case .cloudConnectors: connectorCount(.cloud, "cloud")
        case .defaultAccounts: defaultAccounts
        case .customRules: known(customRules, "the number of custom rules") { (.number($0), customRuleEvidence($0)) }
        case .healthUpload: flag(healthUploadEnabled, "health upload is on", "health upload is off")
        case .diskSpare: diskSpare(requiredDiskBytes)
        case .attemptsWritable:
            flag(host.attemptsWritable, "the attempt's record can be written", "the attempt's record cannot be written")
        case .installKind: notTold("how the server was installed")
        case .signInMethod: notTold("the sign-in method")
        case .securityGroups: notTold("whether the security groups exist")
        case .tlsVersion: notTold("the TLS version in use")
        }
    }

    private func notTold(_ what: String) -> Fact {
        .unknown(isLive ? "the server does not tell \(what)" : "an export does not tell \(what)")
    }

    private func known<Value>(_ value: Value?, _ what: String, _ tell: (Value) -> (FactValue, String)) -> Fact {
        guard let value else { return notTold(what) }
        let (fact, evidence) = tell(value)
        return .known(fact, evidence: evidence)
    }

    private func flag(_ value: Bool?, _ yes: String, _ no: String) -> Fact {
        known(value, "whether \(yes)") { (.flag($0), $0 ? yes : no) }
    }

    private var renamed: Fact {
        guard let recordedName, let actualName else { return notTold("both the recorded and the actual host name") }
        // Host names are compared as DNS does.
        let isRenamed = recordedName.lowercased() != actualName.lowercased()
        return .known(.flag(isRenamed), evidence: "set up as \(recordedName), now \(actualName)")
    }

    private func connectorCount(_ kind: Connector.Kind, _ what: String) -> Fact {
        known(connectors, "the connectors") { connectors in
            let names = connectors.filter { $0.kind == kind }.map(\.name).sorted()
            let list = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
            return (.number(names.count), "\(names.count) \(what) connector\(names.count == 1 ? "" : "s")\(list)")
        }
    }

    private var defaultAccounts: Fact {
        let accounts = (connectors ?? []).filter { $0.kind == .activeDirectory }.map(\.account)
        let names = accounts.compactMap { $0 }.filter { !$0.isEmpty }
        guard connectors != nil, names.count == accounts.count, !names.isEmpty else {
            return notTold("the account of every Active Directory connector")
        }
        let areDefault = names.allSatisfy { $0.uppercased().hasPrefix("MSOL_") }
        return .known(.flag(areDefault), evidence: "account \(names.sorted().joined(separator: ", "))")
    }

    private func customRuleEvidence(_ count: Int) -> String {
        if count == 0 { return "no custom rules" }
        let names = customRuleNames.map { ": " + $0.sorted().joined(separator: ", ") } ?? ""
        return "\(count) custom rule\(count == 1 ? "" : "s")\(names)"
    }

    /// The release's own need, and two copies of the data: the new generation's and the one that is rehearsed on.
    private func diskSpare(_ required: Int?) -> Fact {
        guard let free = host.freeDiskBytes else { return notTold("the free disk space") }
        guard let required else { return .unknown("what the upgrade needs is not known") }
        guard let databaseBytes else { return notTold("the database's size, which decides how much is needed") }
        let needed = required + 2 * databaseBytes
        return .known(.number(free - needed), evidence: "\(free) bytes free, \(needed) needed")
    }
}
