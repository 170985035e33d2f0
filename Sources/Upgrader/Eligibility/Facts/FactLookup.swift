import Documents
import ReleaseContract
import SyncConfiguration
import VersionCatalog

extension ServerFacts {
    /// Looks a fact up. `requiredDiskBytes` is what the candidate needs for itself, without copies of the data.
    public func fact(_ name: FactName, requiredDiskBytes: Int?) -> Fact {
        switch name {
        case .parameter(let name, let absentMeansFalse): parameter(name, absentMeansFalse)
        case .objects(let type): objects(type)
        case .rule(let tag, let kind):
            changedRules([kind], "\(kind.rawValue) copies of \(tag)") { $0.tag == tag && $0.kind == kind }
        case .flow(let attribute):
            changedRules([.added, .edited, .cloned, .moved], "own rules with \(attribute)") {
                $0.kind != .deleted && $0.kind != .disabled && $0.attributes.contains(attribute)
            }
        case .property(let property):
            explained(value(of: property, requiredDiskBytes: requiredDiskBytes), unknownBecause[property])
        }
    }

    private func explained(_ fact: Fact, _ reason: String?) -> Fact {
        if case .unknown = fact, let reason { return .unknown(reason) }
        return fact
    }

    private func parameter(_ name: String, _ absentMeansFalse: Bool) -> Fact {
        guard let parameters else { return .unknown("the parameters are not known") }
        if let text = parameters[name] {
            return .known(.text(text), evidence: "\(name) is \(text.isEmpty ? "empty" : text)")
        }
        if PrintedSettings.isCut(name, in: cutParameters) { return .unknown("\(name) is cut in the printout") }
        if !parametersAreWhole { return .unknown("\(name) is not in the printout, which lacks parameters") }
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
        case .installKind: text(installKind, "how the server was installed")
        case .signInMethod: text(signInMethod, "the sign-in method")
        case .desktopSingleSignOn:
            flag(desktopSingleSignOn, "desktop single sign-on is on", "desktop single sign-on is off")
        case .securityGroups:
            flag(securityGroupsPresent, "the security groups exist", "a security group is missing")
        case .engineConfigurationEdited:
            flag(
                engineConfigurationEdited, "the engine's configuration was edited",
                "the engine's configuration is the product's")
        case .healthVersion:
            known(healthAgentVersion, "the version of the health agent") { (.version($0), "health agent \($0)") }
        case .databaseAlwaysOn, .legacyControllers, .applicationAuthentication: notTold(Self.untold(property))
        case .linkedMailboxes: number(linkedMailboxes, "linked mailboxes")
        case .resourceMailboxes: number(resourceMailboxes, "resource mailboxes")
        case .largestGroup:
            known(largestGroup, "the size of the largest group") { (.number($0), "\($0) members in the largest group") }
        case .editedRules: changedRules([.edited], "edited standard rules") { $0.kind == .edited }
        case .disabledRules: changedRules([.disabled], "disabled standard rules") { $0.kind == .disabled }
        case .deletedRules: changedRules([.deleted], "deleted standard rules") { $0.kind == .deleted }
        case .clonedRules: changedRules([.cloned], "cloned standard rules") { $0.kind == .cloned }
        case .movedRules:
            changedRules([.moved], "standard rules with a precedence below their first") { $0.kind == .moved }
        case .changedCloudRules:
            changedRules(Set(RuleChange.Kind.allCases), "changed rules of the cloud connector") { $0.isOfCloud }
        case .deselectedDomains, .containerFilters, .duplicateDomains, .dottedNetbiosNames, .disjointNamespaces,
            .singleLabelDomains:
            domainFact(property)
        case .mayOperate, .foreignWriters, .repositoryAccess, .tlsVersion, .proxyIdleSeconds, .ipv6Only, .fips,
            .missingMemory,
            .missingDisk, .slowProcessor:
            hostFact(property)
        }
    }

    private static func untold(_ property: FactName.Property) -> String {
        switch property {
        case .databaseAlwaysOn: "whether the database is in an availability group"
        case .legacyControllers: "the versions of the domain controllers"
        default: "how the server signs in to the cloud"
        }
    }

    func text(_ value: String?, _ what: String) -> Fact {
        known(value, what) { (.text($0), "\(what): \($0)") }
    }

    func number(_ value: Int?, _ what: String) -> Fact {
        known(value, "the number of \(what)") { (.number($0), "\($0) \(what)") }
    }

    private func objects(_ type: String) -> Fact {
        if objectsByType == nil, let possibleObjectTypes, !possibleObjectTypes.contains(type) {
            return .known(.number(0), evidence: "no rule can bring objects of the type \(type) into the metaverse")
        }
        guard let objectsByType else { return notTold("the number of objects of the type \(type)") }
        let count = objectsByType[type] ?? 0
        return .known(.number(count), evidence: "\(count) objects of the type \(type)")
    }

    /// Counts the changes that are meant. None of a kind that need not show is no answer.
    private func changedRules(
        _ kinds: Set<RuleChange.Kind>, _ what: String, _ isMeant: (RuleChange) -> Bool
    ) -> Fact {
        guard let ruleChanges else { return notTold("the rules") }
        let names = ruleChanges.filter(isMeant).map(\.name)
        let hidden = kinds.intersection(hiddenRuleChanges)
        if names.isEmpty, !hidden.isEmpty {
            let list = hidden.map(\.rawValue).sorted().joined(separator: " or ")
            return .unknown("\(notShown) standard rules that were \(list)")
        }
        let list = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
        return .known(.number(names.count), evidence: "\(names.count) \(what)\(list)")
    }

    private var notShown: String {
        switch source {
        case .server: "the server need not show"
        case .export: "an export need not show"
        case .settings: "printed settings do not show"
        }
    }

    func notTold(_ what: String) -> Fact {
        switch source {
        case .server: .unknown("the server does not tell \(what)")
        case .export: .unknown("an export does not tell \(what)")
        case .settings: .unknown("printed settings do not tell \(what)")
        }
    }

    func known<Value>(_ value: Value?, _ what: String, _ tell: (Value) -> (FactValue, String)) -> Fact {
        guard let value else { return notTold(what) }
        let (fact, evidence) = tell(value)
        return .known(fact, evidence: evidence)
    }

    func flag(_ value: Bool?, _ yes: String, _ no: String) -> Fact {
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
