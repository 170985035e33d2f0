import Documents
import LinuxHost
import ReleaseContract
import Testing
import VersionCatalog

@testable import Upgrader

/// What a release of a living server changes.
struct ReleaseContentsTests {
    private static func manifest(_ version: ProductVersion, rules: [UInt8]?) throws -> ReleaseManifest {
        var manifest = try ReleaseManifest(
            bytes: DocumentSamples.releaseDocument.pretty, file: "release.json")
        manifest.version = version
        manifest.files.removeAll { $0.path == ReleaseContents.rulesPath }
        if let rules {
            manifest.files.append(
                ReleaseFile(
                    path: ReleaseContents.rulesPath, size: rules.count, mode: .plain, digest: FileDigest.sha256(rules)))
        }
        manifest.requiresFullImport = false
        manifest.requiresFullSynchronization = false
        manifest.settingsChanged = []
        return manifest
    }

    private static let old = ProductVersion(1, 1, 880, 0)
    private static let new = ProductVersion(1, 4, 18, 0)

    private func changes(
        _ before: [UInt8]?, _ after: [UInt8]?, known: [[UInt8]] = BuiltInCatalog.standardRules,
        _ spoil: (inout ReleaseManifest) -> Void = { _ in }
    ) throws -> [String] {
        var candidate = try Self.manifest(Self.new, rules: after)
        spoil(&candidate)
        let found = ReleaseContents.changes(
            from: try Self.manifest(Self.old, rules: before), to: candidate, known: known)
        #expect(found.allSatisfy { $0.version == Self.new })
        return found.map { "\($0.kind.rawValue): \($0.text)" }
    }

    @Test("The same rules and the same data bring nothing")
    func same() throws {
        let rules = BuiltInCatalog.standardRules[0]
        #expect(try changes(rules, rules).isEmpty)
        #expect(try changes(nil, nil).isEmpty)
    }

    @Test("Changed standard rules are told attribute by attribute, in both directions")
    func rules() throws {
        let sets = BuiltInCatalog.standardRules
        let forwards = try changes(sets[0], sets[1])
        #expect(forwards.count == 4, "\(forwards)")
        #expect(forwards.contains { $0.hasPrefix("attribute: ") && $0.hasSuffix("cloudFiltered begins to flow") })
        #expect(forwards.count { $0.hasSuffix("employeeType begins to flow") } == 3)
        let backwards = try changes(sets[1], sets[0])
        #expect(backwards.count { $0.hasSuffix("ceases to flow") } == 4, "\(backwards)")
    }

    @Test("Rules that nobody here knows are said to change, and no more")
    func unknown() throws {
        let found = try changes(BuiltInCatalog.standardRules[0], [1, 2, 3])
        #expect(found == ["rule: The default rules change; which of them is not known before the release is here"])
    }

    @Test(
        "Full runs follow as the release says",
        arguments: [
            (true, true, "imported and synchronized"), (true, false, "imported anew"),
            (false, true, "synchronized anew"),
        ])
    func full(_ imports: Bool, _ synchronizes: Bool, _ words: String) throws {
        let found = try changes(nil, nil) {
            $0.requiresFullImport = imports
            $0.requiresFullSynchronization = synchronizes
        }
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
    }

    @Test("Another schema of the data, settings and components are told")
    func others() throws {
        let found = try changes(nil, nil) {
            $0.dataSchema.writes += 1
            $0.settingsChanged = ["b", "a"]
            $0.components = [ReleaseComponent(name: "health-agent", version: ProductVersion(9, 9, 9, 9))]
        }
        #expect(found.contains { $0.contains("is migrated from schema epoch") })
        #expect(found.contains("other: Settings it may change: a, b"))
        #expect(found.contains("other: health-agent 9.9.9.9"))
    }
}
