import Documents
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct ServerFactsSettingsTests {
    /// A table with a row per parameter, below the product's common prefix.
    static func facts(_ rows: [(String, String)]) throws -> ServerFacts {
        let lines = rows.map { name, value in
            "Microsoft.\(name)".padding(60) + value
        }
        let text = (["Name".padding(60) + "Value", "----".padding(60) + "-----"] + lines).joined(separator: "\n")
        return ServerFacts(settings: try PrintedSettings(Array(text.utf8), file: "s.txt"), file: "s.txt")
    }

    private func reason(_ facts: ServerFacts, _ name: String) throws -> String? {
        let fact = facts.fact(try #require(FactName(name)), requiredDiskBytes: nil)
        if case .unknown(let why) = fact { return why } else { return nil }
    }

    static let version = ("Synchronize.ServerConfigurationVersion", "2.3.6.0")

    @Test("Printed parameters tell version, state and features of a server of the real product")
    func parameters() throws {
        let facts = try Self.facts([
            Self.version, ("OptionalFeature.AutoUpgradeState", "Suspended"), ("Synchronize.StagingMode", "True"),
            ("OptionalFeature.AutoUpgradeSuspensionReason", "UpgradeNotSupportedNonLocalDbInstall"),
            ("UserSignIn.SignOnMethod", "PasswordHashSync"), ("UserSignIn.DesktopSsoEnabled", "True"),
        ])
        #expect(facts.source == .settings(file: "s.txt"))
        #expect(facts.product == ServerFacts.realProduct)
        #expect(facts.version == ProductVersion(2, 3, 6, 0))
        #expect(facts.autoUpgradeState == .suspended)
        #expect(facts.suspensionReason == "UpgradeNotSupportedNonLocalDbInstall")
        #expect(facts.signInMethod == "passwordHash")
        #expect(facts.desktopSingleSignOn == true)
        #expect(try reason(facts, "parameter Microsoft.Synchronize.StagingMode") == nil)
        #expect(facts.name == nil)
    }

    @Test(
        "A parameter that was cut is there and not known, in every place that asks for it",
        arguments: [
            ("Synchronize.ServerConfigurationVersion", "version"), ("UserSignIn.SignOnMethod", "signIn.method"),
            ("UserSignIn.DesktopSsoEnabled", "signIn.desktopSingleSignOn"),
            ("OptionalFeature.DeviceWriteBack", "parameter Microsoft.OptionalFeature.DeviceWriteBack!"),
            ("Synchronize.StagingMode", "parameter Microsoft.Synchronize.StagingMode"),
        ])
    func cut(_ name: String, _ fact: String) throws {
        for value in ["Tr…", "1.1...", "..."] {
            let facts = try Self.facts([("Synchronize.TimeInterval", "00:30:00"), (name, value)])
            #expect(try reason(facts, fact)?.contains("cut in the printout") == true)
        }
        // The name alone is cut, too.
        let facts = try Self.facts([("Synchronize.TimeInterval", "00:30:00"), (String(name.dropLast(3)) + "…", "True")])
        #expect(try reason(facts, fact)?.contains("cut in the printout") == true)
    }

    @Test("What is not printed counts as not in use only in a whole printout")
    func absent() throws {
        let name = "parameter Microsoft.OptionalFeature.Invented!"
        let part = try Self.facts([Self.version])
        #expect(try reason(part, name)?.contains("lacks parameters") == true)
        let missing = try PrintedSettings(Array("Name,Value\nMicrosoft.A,b".utf8), file: "s").missing
        let rows = missing.map { (String($0.dropFirst("Microsoft.".count)), "x") }
        #expect(try reason(try Self.facts(rows), name) == nil)
        #expect(try reason(try Self.facts(rows.dropLast()), name) != nil)
        // An export is whole, and a parameter without absence as a value stays unknown.
        #expect(try reason(try Self.facts(rows), "parameter Microsoft.OptionalFeature.Invented") != nil)
    }

    @Test("A value that is not understood is named")
    func notUnderstood() throws {
        let facts = try Self.facts([
            ("UserSignIn.SignOnMethod", "New"), ("Synchronize.ServerConfigurationVersion", "two"),
        ])
        #expect(try reason(facts, "signIn.method")?.contains("\"New\"") == true)
        #expect(try reason(facts, "version")?.contains("\"two\"") == true)
        #expect(facts.version == nil)
    }

    @Test("Printed settings are judged without a word about connectors, rules or the machine")
    func report() throws {
        let facts = try Self.facts([Self.version, ("OptionalFeature.AutoUpgradeState", "Enabled")])
        let report = try EligibilityFacts.judge(facts)
        let unknown = report.conditions.filter { $0.outcome == .unknown }.map(\.condition.title)
        #expect(unknown.contains("Cloud connector present"))
        #expect(unknown.contains("Enough free disk space"))
        #expect(!report.conditions.contains { $0.outcome == .pass && $0.condition.title == "No custom rules" })
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
