import ReleaseContract

/// The facts of a server that the catalog may ask for.
public enum FactName: Hashable, Sendable {
    /// `parameter <full name>`: a global parameter. With an `!` at the end, one that a server without the feature lacks.
    case parameter(String, absentMeansFalse: Bool)
    /// `objects <metaverse type>`: how many there are.
    case objects(String)
    /// `rule <tag> <change>`: how many copies of the standard rule with this tag (without its number) are changed so.
    case rule(tag: String, change: RuleChange.Kind)
    /// `flow <attribute>`: how many rules that are not the product's own read or write the attribute.
    case flow(String)
    case property(Property)

    public enum Property: String, Sendable, CaseIterable {
        case version
        case serverRenamed = "server.renamed"
        case installKind = "install.kind"

        case serviceRunning = "service.running"
        case configurationInProgress = "configuration.inProgress"
        case consoleOpen = "console.open"
        case engineConfigurationEdited = "engine.configurationEdited"
        case securityGroups = "securityGroups.present"
        case healthUpload = "health.uploadEnabled"
        case healthVersion = "health.version"
        case defaultAccounts = "accounts.default"
        /// Whether this program's account is the service's own, or root.
        case mayOperate = "account.mayOperate"

        case databaseBytes = "database.bytes"
        case databaseWritable = "database.writable"
        /// `local` or something else.
        case databaseKind = "database.kind"
        case databaseAlwaysOn = "database.alwaysOn"

        case metaverseObjects = "metaverse.objects"
        case linkedMailboxes = "objects.linkedMailboxes"
        case resourceMailboxes = "objects.resourceMailboxes"
        case largestGroup = "groups.largest"

        case forests = "connectors.forests"
        case cloudConnectors = "connectors.cloud"
        case deselectedDomains = "connectors.deselectedDomains"
        case containerFilters = "connectors.containerFilters"
        case duplicateDomains = "domains.duplicate"
        case dottedNetbiosNames = "domains.dottedNetbios"
        case disjointNamespaces = "domains.disjoint"
        case singleLabelDomains = "domains.singleLabel"
        case legacyControllers = "domains.legacyControllers"

        /// `passwordHash`, `pta`, `adfs`, `pingFederate` or `none`.
        case signInMethod = "signIn.method"
        case desktopSingleSignOn = "signIn.desktopSingleSignOn"
        case applicationAuthentication = "cloud.applicationAuthentication"

        case customRules = "rules.custom"
        case editedRules = "rules.edited"
        case disabledRules = "rules.disabled"
        case deletedRules = "rules.deleted"
        case clonedRules = "rules.cloned"
        case movedRules = "rules.moved"
        case changedCloudRules = "rules.changedOfCloud"

        case diskSpare = "disk.spareBytes"
        case attemptsWritable = "attempts.writable"
        /// How many folders and files of releases, database and keys others can write.
        case foreignWriters = "permissions.foreignWriters"
        /// `reachable`, `nameResolution`, `blocked`, `proxyCredentials`, `tls` or `unreachable`.
        case repositoryAccess = "repository.access"
        /// `1.2` for at least that, or `below 1.2`.
        case tlsVersion = "tls.version"
        case proxyIdleSeconds = "proxy.idleSeconds"
        case ipv6Only = "network.ipv6Only"
        case fips = "host.fips"
        /// Gigabytes (10^9) that the published sizes ask for and the machine does not have; zero where it has enough.
        case missingMemory = "host.missingMemory"
        case missingDisk = "host.missingDisk"
        case slowProcessor = "host.slowProcessor"
    }

    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("parameter", 2):
            let isOptional = words[1].hasSuffix("!")
            self = .parameter(String(isOptional ? words[1].dropLast() : words[1][...]), absentMeansFalse: isOptional)
        case ("objects", 2): self = .objects(words[1])
        case ("flow", 2): self = .flow(words[1])
        case ("rule", 3):
            guard let change = RuleChange.Kind(rawValue: words[2]) else { return nil }
            self = .rule(tag: words[1], change: change)
        case (_, 1):
            guard let property = Property(rawValue: text) else { return nil }
            self = .property(property)
        default: return nil
        }
    }
}
