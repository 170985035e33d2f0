import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct ServerFactsExportTests {
    static func connector(_ partitions: [Connector.Partition], includes: [String] = ["cn"]) -> Connector {
        Connector(
            id: "{1}", name: "example.org", category: "AD", subtype: "", version: 1,
            forest: Connector.ForestAccount(name: "example.org", domain: "example.org", user: "MSOL_1"),
            partitions: partitions, includedAttributes: includes)
    }

    static let cloud = Connector(
        id: Connector.cloudIdentifier, name: "cloud", category: "Extensible2", subtype: "", version: 1,
        partitions: [Connector.Partition(name: "default", isSelected: true, objectClasses: ["user", "device"])])

    static let domain = "DC=example,DC=org"

    static func facts(
        _ partitions: [Connector.Partition] = [Connector.Partition(name: domain, isSelected: true)],
        rules: [SynchronizationRule] = [], parameters: [String: String] = [:], includes: [String] = ["cn"]
    ) -> ServerFacts {
        let configuration = ServerConfiguration(
            serverName: "SYNC01", exportDate: "2024-02-05 11:20:30.000", parameters: parameters,
            metaverse: DirectorySchema(), connectors: [connector(partitions, includes: includes), cloud], rules: rules)
        return ServerFacts(configuration: configuration, folder: "export")
    }

    static func fact(_ facts: ServerFacts, _ name: String) throws -> Fact {
        facts.fact(try #require(FactName(name)), requiredDiskBytes: nil)
    }

    private func isUnknown(_ fact: Fact) -> Bool { if case .unknown = fact { true } else { false } }

    private func value(_ fact: Fact) -> FactValue? { if case .known(let value, _) = fact { value } else { nil } }

    @Test("Domains are the naming contexts that are domains, of the directories' connectors alone")
    func domains() throws {
        var root = Connector.Partition(name: "DC=example,DC=org", isSelected: true)
        root.parameters = [Connector.Parameter("Domain.Netbios", "EXAMPLE", use: "partition", isIntrinsic: true)]
        let names = [
            "CN=Configuration,DC=example,DC=org", "CN=Schema,CN=Configuration,DC=example,DC=org",
            "DC=DomainDnsZones,DC=example,DC=org", "DC=ForestDnsZones,DC=example,DC=org",
            "DC=sub, dc=example,DC=org", "DC=corp", "",
        ]
        let facts = Self.facts([root] + names.map { Connector.Partition(name: $0, isSelected: false) })
        #expect(facts.domains?.map(\.name) == ["example.org", "sub.example.org", "corp"])
        #expect(facts.domains?.first?.netbiosName == "EXAMPLE")
        #expect(facts.domains?.map(\.connectorName) == ["example.org", "example.org", "example.org"])
        #expect(value(try Self.fact(facts, "connectors.deselectedDomains")) == .number(2))
        // What is not read is judged by nothing else.
        #expect(value(try Self.fact(facts, "domains.singleLabel")) == .number(0))
        #expect(value(try Self.fact(facts, "domains.dottedNetbios")) == .number(0))
    }

    @Test(
        "A filter of containers leaves something out or takes a part",
        arguments: [
            ([], [], 0), ([domain.lowercased()], [], 0), ([""], [], 0), (["OU=A," + domain], [], 1),
            ([], ["OU=B," + domain], 1),
            (["OU=A," + domain], [domain], 1), ([domain], ["OU=B," + domain], 1),
        ] as [([String], [String], Int)])
    func filters(_ included: [String], _ excluded: [String], _ count: Int) throws {
        let partition = Connector.Partition(
            name: Self.domain, isSelected: true, includedContainers: included, excludedContainers: excluded)
        #expect(value(try Self.fact(Self.facts([partition]), "connectors.containerFilters")) == .number(count))
    }

    @Test(
        "A controller outside of its domain shows a disjoint namespace; one inside proves nothing",
        arguments: [
            ("DC01.other.org", true), ("dc01.sub.example.org", true), ("DC01.EXAMPLE.org", nil), ("DC01", nil),
            ("", nil),
            ("10.0.0.1", nil), ("fe80::1.2", nil),
        ] as [(String, Bool?)])
    func disjoint(_ controller: String, _ expected: Bool?) throws {
        var partition = Connector.Partition(name: Self.domain, isSelected: true)
        partition.parameters = [Connector.Parameter("last-dc", controller, use: "partition")]
        let facts = Self.facts([partition])
        #expect(facts.domains?.first?.isDisjoint == expected)
        let fact = try Self.fact(facts, "domains.disjoint")
        #expect(expected == nil ? isUnknown(fact) : value(fact) == .number(1))
    }

    @Test("One domain that two connectors read is read twice; one that is not selected is not read")
    func duplicates() throws {
        var second = Self.connector([Connector.Partition(name: "dc=EXAMPLE,dc=org", isSelected: true)])
        second.id = "{2}"
        second.name = "again"
        for (isSelected, count) in [(true, 1), (false, 0)] {
            second.partitions[0].isSelected = isSelected
            let configuration = ServerConfiguration(
                serverName: "", exportDate: "", parameters: [:], metaverse: DirectorySchema(),
                connectors: [Self.connector([Connector.Partition(name: Self.domain, isSelected: true)]), second],
                rules: [])
            let facts = ServerFacts(configuration: configuration, folder: "")
            #expect(value(try Self.fact(facts, "domains.duplicate")) == .number(count))
        }
    }

    /// What may make devices, and whether it can.
    struct Route: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var classes = ["user", "Computer"]
        var isSelected = true
        var rule = SynchronizationRule(
            id: "{r}", name: "r", direction: .inbound, connector: "{1}", connectorObjectType: "computer",
            metaverseObjectType: "device", linkType: .provision, precedence: 100)
        let isOpen: Bool

        init(_ what: String, isOpen: Bool, _ change: (inout Route) -> Void = { _ in }) {
            testDescription = what
            self.isOpen = isOpen
            change(&self)
        }

        static let all = [
            Route("a rule provisions what is read", isOpen: true),
            Route("a connector that is not exported", isOpen: true) { $0.rule.connector = "{other}" },
            Route("a connector that does not say what it reads", isOpen: true) { $0.classes = [] },
            Route("the class is not read", isOpen: false) { $0.classes = ["user"] },
            Route("the domain is not read", isOpen: false) { $0.isSelected = false },
            Route("the rule is off", isOpen: false) { $0.rule.isDisabled = true },
            Route("the rule joins only", isOpen: false) { $0.rule.linkType = .join },
            Route("the rule goes out", isOpen: false) { $0.rule.direction = .outbound },
            Route("the rule makes persons", isOpen: false) { $0.rule.metaverseObjectType = "person" },
        ]
    }

    @Test("Where no rule can make devices there are none; where one can, an export does not tell", arguments: Route.all)
    func devices(_ route: Route) throws {
        let partition = Connector.Partition(
            name: Self.domain, isSelected: route.isSelected, objectClasses: route.classes)
        let facts = Self.facts([partition], rules: [route.rule])
        let fact = try Self.fact(facts, "objects device")
        #expect(route.isOpen ? isUnknown(fact) : value(fact) == .number(0))
        // A server that counts its objects knows better.
        var counted = facts
        counted.objectsByType = ["device": 7]
        #expect(value(try Self.fact(counted, "objects device")) == .number(7))
    }

    @Test("Where no connector reads the kind of a mailbox there is none to lose")
    func mailboxes() throws {
        for name in ["objects.linkedMailboxes", "objects.resourceMailboxes"] {
            #expect(value(try Self.fact(Self.facts(includes: ["cn", "mail"]), name)) == .number(0))
            #expect(isUnknown(try Self.fact(Self.facts(includes: ["cn", "msExchRecipientTypeDetails"]), name)))
            #expect(isUnknown(try Self.fact(Self.facts(includes: []), name)))
        }
    }

    @Test("Edited and deleted standard rules need not show in an export, and are not called absent")
    func hiddenChanges() throws {
        let facts = Self.facts()
        for name in ["rules.edited", "rules.deleted", "rules.changedOfCloud", "flow mail", "rule Microsoft.A edited"] {
            #expect(isUnknown(try Self.fact(facts, name)), "\(name)")
        }
        for name in ["rules.disabled", "rules.cloned", "rules.moved", "rule Microsoft.A cloned"] {
            #expect(value(try Self.fact(facts, name)) == .number(0), "\(name)")
        }
        #expect(!facts.ruleBlindSpots.isEmpty)
        // One that shows is counted.
        var shown = facts
        shown.ruleChanges = [
            RuleChange(
                kind: .edited, name: "In", direction: "inbound", connector: "example.org", isOfCloud: false,
                precedence: 100, tag: "Microsoft.A", attributes: ["mail"], effect: "")
        ]
        for name in ["rules.edited", "flow mail", "rule Microsoft.A edited"] {
            #expect(value(try Self.fact(shown, name)) == .number(1), "\(name)")
        }
        #expect(isUnknown(try Self.fact(shown, "rules.deleted")))
    }

    @Test(
        "The sign-in method is what its own parameter says, and nothing is concluded from others",
        arguments: [
            (["SignOnMethod": "PasswordHashSync"], "passwordHash"), (["SignOnMethod": "NotConfigured"], "none"),
            (["SignOnMethod": "SomethingNew"], nil), ([:], nil),
        ] as [([String: String], String?)])
    func signIn(_ parameters: [String: String], _ method: String?) throws {
        var named = Dictionary(uniqueKeysWithValues: parameters.map { ("Microsoft.UserSignIn.\($0.key)", $0.value) })
        named["Microsoft.OptionalFeature.PasswordHashSync"] = "True"
        let facts = Self.facts(parameters: named)
        #expect(facts.signInMethod == method)
        if case .unknown(let why) = try Self.fact(facts, "signIn.method") {
            #expect(method == nil && why.contains(GlobalParameter.signOnMethod))
            if let value = parameters["SignOnMethod"] { #expect(why.contains(value)) }
        } else {
            #expect(method != nil)
        }
    }

    @Test(
        "Desktop single sign-on is what its parameter says",
        arguments: [("True", true), ("false", false), ("maybe", nil), (nil, nil)] as [(String?, Bool?)])
    func desktop(_ text: String?, _ isOn: Bool?) throws {
        let facts = Self.facts(parameters: text.map { [GlobalParameter.desktopSingleSignOn: $0] } ?? [:])
        #expect(facts.desktopSingleSignOn == isOn)
        #expect(isUnknown(try Self.fact(facts, "signIn.desktopSingleSignOn")) == (isOn == nil))
    }

    @Test(
        "A version that is none says what stands in its place",
        arguments: [("", "\"\""), ("1.x", "\"1.x\""), (nil, "not among")])
    func version(_ text: String?, _ words: String) throws {
        let facts = Self.facts(parameters: text.map { [GlobalParameter.serverConfigurationVersion: $0] } ?? [:])
        guard case .unknown(let why) = try Self.fact(facts, "version") else {
            Issue.record("a version")
            return
        }
        #expect(why.contains(words))
    }

    @Test(
        "The real export tells of its domain, its filter and its rules, and cannot tell of its devices",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func real() throws {
        let folder = try #require(realExport).path
        let facts = ServerFacts(configuration: try ExportFolder(path: folder).read(), folder: folder)
        #expect(facts.domains?.map(\.name) == ["contoso.com"])
        let domain = try #require(facts.domains?.first)
        #expect(domain.netbiosName == "CONTOSO" && domain.isSelected == true && domain.hasContainerFilter == true)
        #expect(facts.possibleObjectTypes == ["person", "group", "device"])
        #expect(isUnknown(try Self.fact(facts, "objects device")))
        #expect(value(try Self.fact(facts, "objects printer")) == .number(0))
        #expect(isUnknown(try Self.fact(facts, "objects.linkedMailboxes")))
        #expect(isUnknown(try Self.fact(facts, "signIn.method")))
        #expect(value(try Self.fact(facts, "rules.custom")) == .number(0))
        #expect(value(try Self.fact(facts, "domains.dottedNetbios")) == .number(0))
    }
}
