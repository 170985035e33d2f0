import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing

/// A real server's rules, with one change at a time planted.
@Suite(.enabled(if: realExport != nil, "the real export does not lie beside this package"))
struct RuleComparisonExportTests {
    /// Read once: its schemas are large.
    private static let read = realExport.flatMap { try? ExportFolder(path: $0.path).read() }

    private func real() throws -> ServerConfiguration { try #require(Self.read) }

    private func changes(
        _ server: ServerConfiguration, _ standard: StandardRules = .tagsOnly
    ) -> [RuleChange] {
        RuleComparison.changes(
            rules: server.rules, connectors: server.connectors, standard: standard, installed: server.version)
    }

    @Test("The real server has standard rules only, by its tags and against themselves")
    func unchanged() throws {
        let server = try real()
        #expect(changes(server) == [])
        #expect(changes(server, .templates(server.rules)) == [])
        #expect(
            RuleComparison.blindSpots(
                rules: server.rules, connectors: server.connectors, standard: .tagsOnly, installed: server.version
            ).count == 3)
    }

    @Test(
        "Every rule of the real server suits its directory, so a second one of the same schema would show what is missing"
    )
    func secondForest() throws {
        var server = try real()
        let directory = try #require(server.connectors.first { $0.kind == .activeDirectory })
        var second = directory
        second.id = "{99999999-9999-9999-9999-999999999999}"
        second.name = "second.example"
        server.connectors.append(second)
        let kept = server.rules.filter { $0.connector == directory.id }.enumerated().map { place, rule in
            var rule = rule
            rule.connector = second.id
            rule.id = ComparedName.identifier(place)
            rule.precedence += 100
            return rule
        }
        server.rules += kept
        #expect(changes(server) == [])
        let first = try #require(kept.first)
        for rule in kept {
            var other = server
            other.rules.removeAll { $0.id == rule.id }
            let found = changes(other)
            #expect(found.map(\.kind) == [.deleted], "\(rule.name)")
            #expect(found.first?.name == rule.name)
        }
        // All but one are missing.
        server.rules.removeAll { $0.connector == second.id && $0.id != first.id }
        #expect(changes(server).count == kept.count - 1)
    }

    @Test("Each rule in turn: edited, switched off, deleted, moved, copied")
    func planted() throws {
        let server = try real()
        let standard = StandardRules.templates(server.rules)
        for (place, rule) in server.rules.enumerated() {
            func found(_ edit: (inout ServerConfiguration) -> Void) -> [RuleChange] {
                var other = server
                edit(&other)
                return changes(other, standard)
            }
            #expect(found { $0.rules[place].isDisabled = true }.map(\.kind) == [.disabled])
            #expect(found { $0.rules.remove(at: place) }.map(\.kind) == [.deleted])
            #expect(found { $0.rules[place].precedence = 99 }.map(\.kind) == [.moved])
            let edited = found { $0.rules[place].scope.append([ScopeClause("planted", .isNull)]) }
            #expect(edited.map(\.kind) == [.edited])
            #expect(edited.first?.differences.map(\.server) == ["planted ISNULL"])
            let copied = found { server in
                var copy = rule
                copy.id = ComparedName.identifier(place)
                copy.record.immutableTag = ""
                copy.name += " - copy"
                copy.precedence = 5
                server.rules[place].isDisabled = true
                server.rules.append(copy)
            }
            #expect(copied.map(\.kind) == [.cloned, .disabled], "\(rule.name)")
            #expect(copied.map(\.tag) == Array(repeating: RuleTag.stem(rule.record.immutableTag), count: 2))
            #expect(copied.first?.differences.map(\.field) == ["name"])
            #expect(copied.first?.connector == copied.last?.connector)
        }
    }

    @Test("Each flow of a rule in turn is told by its attribute")
    func flows() throws {
        let server = try real()
        let place = try #require(
            server.rules.indices.max { server.rules[$0].flows.count < server.rules[$1].flows.count })
        for (index, flow) in server.rules[place].flows.enumerated() {
            var other = server
            other.rules[place].flows[index].source = .expression("Trim([planted])")
            let found = changes(other, .templates(server.rules))
            #expect(found.first?.differences.map(\.field) == ["flow \(flow.target)"])
            #expect(found.first?.differences.map(\.server) == ["expression Trim([planted])"])
            #expect(found.first?.attributes.contains("planted") == true)
        }
    }

    /// Files of the real export in a folder of its own, changed by the closure.
    private func withCopy(_ edit: (URL) throws -> Void) throws -> [RuleChange] {
        let source = try #require(realExport)
        return try withTemporaryFolder { folder in
            let copy = folder.appending(path: "export")
            try FileManager.default.copyItem(at: source, to: copy)
            try edit(copy.appending(path: ExportFolder.rulesFolder))
            return try changes(ExportFolder(path: copy.path).read(), .templates(real().rules))
        }
    }

    private func file(_ rules: URL, tag: String) throws -> URL {
        for name in try FileManager.default.contentsOfDirectory(atPath: rules.path) {
            let file = rules.appending(path: name)
            if try String(contentsOf: file, encoding: .utf8).contains(">\(tag)<") { return file }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    @Test("A rule's file that is removed, edited, or copied with another identifier and without a tag")
    func files() throws {
        let removed = try withCopy { rules in
            try FileManager.default.removeItem(at: try file(rules, tag: "Microsoft.InfromADUserJoin.003"))
        }
        #expect(removed.map(\.kind) == [.deleted])
        #expect(removed.first?.tag == "Microsoft.InfromADUserJoin")

        let edited = try withCopy { rules in
            let file = try file(rules, tag: "Microsoft.OuttoAADUserJoin.006")
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = text.replacing("<disabled>False<", with: "<disabled>True<").replacing(
                "<linkType>Provision<", with: "<linkType>Join<")
            #expect(changed != text)
            try Data(changed.utf8).write(to: file)
        }
        #expect(edited.map(\.kind) == [.edited, .disabled])
        #expect(edited.first?.isOfCloud == true)
        #expect(
            edited.first?.differences == [RuleChange.Difference("link type", standard: "provision", server: "join")])

        let cloned = try withCopy { rules in
            let file = try file(rules, tag: "Microsoft.InfromADGroupJoin.003")
            var rule = try SynchronizationRule(exported: Array(Data(contentsOf: file)), file: file.path)
            rule.id = ComparedName.identifier(1)
            rule.record.immutableTag = ""
            rule.precedence = 50
            rule.flows.removeLast()
            try Data(try rule.exported()).write(to: rules.appending(path: "SynchronizationRule_\(rule.id).xml"))
        }
        #expect(cloned.map(\.kind) == [.cloned])
        #expect(cloned.first?.tag == "Microsoft.InfromADGroupJoin")
        #expect(cloned.first?.differences.map(\.server) == [nil])
    }

    @Test("62 rules with changes are compared within milliseconds")
    func time() throws {
        var server = try real()
        let standard = StandardRules.templates(server.rules)
        for place in server.rules.indices where place.isMultiple(of: 2) {
            var copy = server.rules[place]
            copy.id = ComparedName.identifier(place)
            copy.record.immutableTag = ""
            copy.flows.removeLast(min(3, copy.flows.count))
            server.rules[place].isDisabled = true
            server.rules.append(copy)
        }
        let clock = ContinuousClock()
        var count = 0
        let times = (0..<5).map { _ in clock.measure { count = changes(server, standard).count } }
        #expect(count == 62)
        // An unoptimized build on a busy machine takes some tens of milliseconds.
        let best = try #require(times.min())
        #expect(best < .milliseconds(500), "\(best)")
    }
}

/// Identifiers that no real rule has.
enum ComparedName {
    static func identifier(_ number: Int) -> String { ComparedServer.identifier(990_000 + number) }
}
