import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

/// What each kind of input can tell: the lists in `docs/eligibility-inputs.md`, worked out and held.
///
/// Of each kind there is an input that tells as much as it can and one that tells as little as it may. A fact that
/// both tell is known, one that neither tells is unknown, and the rest depends on the server.
struct EligibilityInputsTests {
    enum Kind: String, CaseIterable {
        case server = "running `adsync`"
        case export
        case settings = "printed settings"
    }

    private static let document = "docs/eligibility-inputs.md"

    // MARK: Inputs

    /// A server that says everything that the release contract lets it say.
    static let server: ServerFacts = {
        var facts = EligibilityFacts.live()
        facts.customRuleNames = []
        facts.objectsByType = [:]
        facts.desktopSingleSignOn = false
        facts.engineConfigurationEdited = false
        facts.healthAgentVersion = ProductVersion(3, 1, 2, 0)
        facts.linkedMailboxes = 0
        facts.resourceMailboxes = 0
        facts.largestGroup = 0
        facts.host.diskBytes = 1
        facts.host.memoryBytes = 1
        facts.host.processorMegahertz = 1
        facts.host.isFIPS = false
        return facts
    }()

    /// With this rule there may be devices.
    private static let computerJoin = SynchronizationRule(
        id: "{r}", name: "In", direction: .inbound, connector: "{1}", connectorObjectType: "computer",
        metaverseObjectType: "device", linkType: .provision, precedence: 100)

    private static func export(isRich: Bool) -> ServerFacts {
        var partition = Connector.Partition(name: "DC=example,DC=org", isSelected: true, objectClasses: ["computer"])
        var parameters: [String: String] = [:]
        if isRich {
            parameters = PrintedSettingsNames.values
            partition.parameters = [
                Connector.Parameter("Domain.Netbios", "EXAMPLE", use: "partition", isIntrinsic: true),
                Connector.Parameter("last-dc", "dc01.example.net", use: "partition"),
            ]
        }
        let forest = Connector(
            id: "{1}", name: "example.org", category: "AD", subtype: "", version: 1,
            forest: isRich ? Connector.ForestAccount(name: "example.org", domain: "", user: "MSOL_1") : nil,
            partitions: [partition], includedAttributes: isRich ? ["cn"] : ["msExchRecipientTypeDetails"])
        let cloud = Connector(
            id: Connector.cloudIdentifier, name: "cloud", category: "Extensible2", subtype: "", version: 1)
        let edited = isRich ? RuleChange.Kind.allCases : []
        var facts = ServerFacts(
            configuration: ServerConfiguration(
                serverName: "SYNC01", exportDate: "", parameters: parameters, metaverse: DirectorySchema(),
                connectors: [forest, cloud], rules: isRich ? [] : [computerJoin]), folder: "export")
        // As a comparison finds them where rules were changed.
        facts.ruleChanges = edited.map { kind in
            RuleChange(
                kind: kind, name: "In", direction: "inbound", connector: "example.org", isOfCloud: true,
                precedence: 100, tag: "", effect: "")
        }
        return facts
    }

    private static func settings(isRich: Bool) throws -> ServerFacts {
        let values = isRich ? PrintedSettingsNames.values : ["Microsoft.Own.Parameter": ""]
        let text = "Name,Value\n" + values.map { "\($0.key),\($0.value)" }.joined(separator: "\n")
        return ServerFacts(settings: try PrintedSettings(Array(text.utf8), file: "s"), file: "s")
    }

    /// The inputs of a kind; the one that tells most is first.
    static func inputs(_ kind: Kind) throws -> [ServerFacts] {
        switch kind {
        case .server: [server]
        case .export: [export(isRich: true), export(isRich: false)]
        case .settings: [try settings(isRich: true), try settings(isRich: false)]
        }
    }

    // MARK: Tables

    private static func word(_ unknown: [Bool]) -> String {
        if unknown.allSatisfy({ $0 }) { return "unknown" }
        return unknown.contains(true) ? "may be unknown" : "known"
    }

    private static func isUnknown(_ fact: Fact) -> Bool { if case .unknown = fact { true } else { false } }

    private static func facts() throws -> [String] {
        let parameter = GlobalParameter.stagingMode
        let names = FactName.Property.allCases.map(\.rawValue) + ["objects device", "parameter \(parameter)"]
        return try names.map { name in
            let fact = try #require(FactName(name))
            let words = try Kind.allCases.map { kind in
                word(try inputs(kind).map { isUnknown($0.fact(fact, requiredDiskBytes: 1)) })
            }
            return "| `\(name)` | \(words.joined(separator: " | ")) |"
        }
    }

    private static func conditions() throws -> [String] {
        try BuiltInCatalog.conditions().conditions.filter { $0.stage == .check }.map { condition in
            let words = try Kind.allCases.map { kind in
                let product = kind == .server ? "adsync" : ServerFacts.realProduct
                guard condition.remedies[product] != nil else { return "not asked" }
                return word(
                    try inputs(kind).map { facts in
                        Eligibility.evaluate(
                            condition, facts: facts, product: product, requiredDiskBytes: 1
                        ).outcome == .unknown
                    })
            }
            return "| `\(condition.code)` | \(words.joined(separator: " | ")) |"
        }
    }

    private static func table(_ heading: String, _ rows: [String]) -> String {
        let titles = ([heading] + Kind.allCases.map(\.rawValue)).joined(separator: " | ")
        return (["| \(titles) |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    /// The document with a table between its marks.
    private static func replaced(_ text: String, _ mark: String, _ table: String) throws -> String {
        let (begin, end) = ("<!-- begin \(mark) -->\n", "\n<!-- end \(mark) -->")
        let start = try #require(text.range(of: begin), "no \(begin)")
        let stop = try #require(text.range(of: end), "no \(end)")
        return text[..<start.upperBound] + table + text[stop.lowerBound...]
    }

    @Test("The document lists for every fact and every condition what may be unknown on which input")
    func document() throws {
        let file = packageFolder.appending(path: Self.document)
        var text = try String(contentsOf: file, encoding: .utf8)
        text = try Self.replaced(text, "facts", Self.table("fact", try Self.facts()))
        text = try Self.replaced(text, "conditions", Self.table("condition", try Self.conditions()))
        let difference = recordedDifference(Self.document, text)
        #expect(difference == nil)
    }

    @Test("On a running adsync that says all it may, no condition that concerns it is unknown")
    func nothingUnknown() throws {
        let conditions = try BuiltInCatalog.conditions().conditions.filter { $0.remedies["adsync"] != nil }
        let unknown = conditions.filter { condition in
            Eligibility.evaluate(condition, facts: Self.server, product: "adsync", requiredDiskBytes: 1).outcome
                == .unknown
        }
        #expect(unknown.map(\.code) == [])
        #expect(conditions.count > 20)
    }

    @Test("Every fact has a row, and the inputs that tell little tell less", arguments: [Kind.export, .settings])
    func less(_ kind: Kind) throws {
        let unknown = try Self.inputs(kind).map { facts in
            Set(
                FactName.Property.allCases.filter {
                    Self.isUnknown(facts.fact(.property($0), requiredDiskBytes: 1))
                })
        }
        #expect(unknown[0].isStrictSubset(of: unknown[1]))
    }
}

/// The parameters of a whole printout.
enum PrintedSettingsNames {
    static let all: [String] = {
        let part = try? PrintedSettings(Array("Name,Value\nMicrosoft.Own,x".utf8), file: "s")
        return (part?.missing ?? []) + [GlobalParameter.signOnMethod, GlobalParameter.desktopSingleSignOn]
    }()

    static let values: [String: String] = {
        var values = Dictionary(uniqueKeysWithValues: all.map { ($0, "False") })
        values[GlobalParameter.serverConfigurationVersion] = "1.1.130.0"
        values[GlobalParameter.autoUpgradeState] = "Enabled"
        values[GlobalParameter.signOnMethod] = "PasswordHashSync"
        return values
    }()
}
