import Foundation
import SyncConfiguration
import TestSupport
import Testing

@Suite(.enabled(if: realExport != nil, "the real export does not lie beside this package"))
struct RoundTripTests {
    /// Read once for all tests: it is two megabytes.
    private static let shared = Result {
        try realExport.map { try ExportFolder(path: $0.path).read() }
    }

    private func configuration() throws -> ServerConfiguration { try #require(try Self.shared.get()) }

    private func write(_ configuration: ServerConfiguration, to folder: URL) throws {
        for (path, bytes) in try ExportFolder.documents(of: configuration) {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    @Test("The real export is read and written without the loss of a byte")
    func unchanged() throws {
        let original = try exportFiles(try #require(realExport))
        #expect(original.count == 65)
        try withTemporaryFolder { folder in
            try write(try configuration(), to: folder)
            #expect(try exportFiles(folder) == original)
        }
    }

    @Test("Every element, attribute, text and remark of every real file passes through the tree")
    func tree() throws {
        for (path, data) in try exportFiles(try #require(realExport)) {
            let name =
                path.hasPrefix("Conn")
                ? "ma-data" : path.hasPrefix("Glob") ? "saved-mv-configuration" : "synchronizationRule"
            let document = try ExportDocument([UInt8](data), file: path, root: name)
            let written = Data(try document.bytes())
            #expect(try lines(of: written) == lines(of: data), "\(path)")
        }
    }

    /// The lines that differ, told apart by what they were and what they are.
    private func difference(_ before: [String: Data], _ after: [String: Data]) throws -> [String] {
        #expect(before.keys.sorted() == after.keys.sorted())
        return try before.keys.sorted().flatMap { path -> [String] in
            let (old, new) = (try lines(of: before[path] ?? Data()), try lines(of: after[path] ?? Data()))
            guard old != new else { return [] }
            let (before, after) = (Set(old), Set(new))
            return old.filter { !after.contains($0) }.map { "-\($0)" }
                + new.filter { !before.contains($0) }.map { "+\($0)" }
        }
    }

    @Test("A typed member that is changed changes that element alone")
    func changed() throws {
        let original = try exportFiles(try #require(realExport))
        var configuration = try configuration()
        for index in configuration.rules.indices { configuration.rules[index].precedence += 1000 }
        configuration.parameters["Microsoft.Synchronize.StagingMode"] = "True & <so>"
        for index in configuration.connectors.indices { configuration.connectors[index].name += " \"new\"" }
        try withTemporaryFolder { folder in
            try write(configuration, to: folder)
            let found = try difference(original, try exportFiles(folder))
            #expect(found.count == 2 * (62 + 2) + 2)
            let places = Set(found.map { $0.dropFirst().prefix { $0 != "=" && $0 != "[" } })
            #expect(places == ["/synchronizationRule", "/ma-data", "/saved-mv-configuration"])
            #expect(found.filter { $0.contains("/precedence=") }.count == 2 * 62)
            #expect(found.filter { $0.contains("/name=") }.count == 2 * 2)
            #expect(found.contains { $0.hasSuffix("/parameter=True & <so>") })
            let again = try ExportFolder(path: folder.path).read()
            #expect(again.parameters == configuration.parameters)
            #expect(again.connectors == configuration.connectors)
            #expect(Set(again.rules.map(\.precedence)) == Set(configuration.rules.map(\.precedence)))
        }
    }

    @Test("A flow, a clause and a group that are added leave the others as they are, spelling included")
    func added() throws {
        let original = try exportFiles(try #require(realExport))
        var configuration = try configuration()
        let index = try #require(
            configuration.rules.firstIndex { $0.scope.joined().contains { $0.operator == .isNotBitSet } })
        let own = AttributeFlow("own", .constant("1 < 2"), mergeType: .merge, isExecuteOnce: true)
        configuration.rules[index].flows.insert(own, at: 1)
        configuration.rules[index].scope.append([ScopeClause("own", .isNotBitSet, "8")])
        configuration.rules[index].join.insert([JoinCondition("own", "other", isCaseSensitive: true)], at: 0)
        try withTemporaryFolder { folder in
            try write(configuration, to: folder)
            let again = try ExportFolder(path: folder.path).read()
            #expect(again.rules == configuration.rules)
            let written = try exportFiles(folder)
            let differing = original.keys.filter { original[$0] != written[$0] }
            #expect(differing.count == 1)
            let path = try #require(differing.first)
            let texts = [original[path], written[path]].map { data in
                String(decoding: data ?? Data(), as: UTF8.self).split(separator: "\n")
            }
            let change = texts[1].difference(from: texts[0])
            let removed = change.removals.compactMap { removal -> Substring? in
                guard case .remove(_, let line, _) = removal else { return nil }
                return line
            }
            // The rule had no join: its list opens. 5 lines of flow, 7 of scope, 7 of join, 2 around the joins.
            #expect(removed == ["  <relationshipCriteria />"])
            #expect(change.insertions.count == 21)
        }
    }

    @Test("A configuration without files is written from its typed members, and read again is the same")
    func made() throws {
        var configuration = try configuration()
        configuration.files = ExportFiles()
        try withTemporaryFolder { folder in
            try write(configuration, to: folder)
            var again = try ExportFolder(path: folder.path).read()
            again.files = ExportFiles()
            #expect(again.connectors == configuration.connectors)
            #expect(again.metaverse == configuration.metaverse)
            #expect(again == configuration)
            for (_, data) in try exportFiles(folder) { _ = try lines(of: data) }
        }
    }

    @Test("A rule that is taken out has no file, and one that is put in has one of its own")
    func removed() throws {
        var configuration = try configuration()
        var rule = configuration.rules.removeLast()
        rule.id = "{01234567-89ab-cdef-0123-456789abcdef}"
        configuration.rules.append(rule)
        let paths = try ExportFolder.documents(of: configuration).map(\.path)
        #expect(paths.count == 65)
        #expect(paths.contains("SynchronizationRules/SynchronizationRule_\(rule.id).xml"))
        configuration.rules.append(rule)
        #expect(throws: ExportError.self) { try ExportFolder.documents(of: configuration) }
        configuration.rules[configuration.rules.count - 1].id = "../../etc/passwd"
        let error = #expect(throws: ExportError.self) { try ExportFolder.documents(of: configuration) }
        #expect(error?.problem.contains("braces") == true)
    }

    @Test("Every real rule passes through the script unchanged, alone and with all others")
    func scripts() throws {
        let rules = try configuration().rules
        for rule in rules {
            let script = RuleScript.write([rule])
            #expect(try RuleScript.read(text: script, file: "rule.ps1") == [rule])
            let windows = script.replacingOccurrences(of: "\n", with: "\r\n")
            #expect(try RuleScript.read(text: windows, file: "rule.ps1").count == 1)
        }
        #expect(try RuleScript.read(text: RuleScript.write(rules), file: "all.ps1") == rules)
    }

    @Test("The schemas say what the files say")
    func schemas() throws {
        let configuration = try configuration()
        let metaverse = configuration.metaverse
        #expect(metaverse.attributes.count == 219)
        #expect(metaverse.attributes.count { $0.isMultiValued } == 45)
        let counts = Dictionary(grouping: metaverse.attributes, by: \.syntax).mapValues(\.count)
        #expect(counts == [.string: 126, .reference: 25, .integer: 25, .boolean: 24, .binary: 19])
        #expect(metaverse.attribute("PROXYaddresses")?.isMultiValued == true)
        #expect(metaverse.attribute("manager")?.syntax == .reference)
        #expect(metaverse.attribute("manager")?.isMultiValued == false)
        #expect(metaverse.attributes(of: "device")?.count == 29)

        let directory = try #require(configuration.connectors.first { $0.kind == .activeDirectory })
        #expect(directory.schema.attributes.count == 3391)
        #expect(directory.schema.attributes.count { $0.isMultiValued } == 767)
        #expect(directory.schema.attribute("objectGUID")?.syntax == .binary)
        #expect(directory.schema.attribute("pwdLastSet")?.syntax == .integer)
        #expect(directory.schema.attribute("member")?.syntax == .reference)
        #expect(directory.schema.attribute("authOrig")?.syntax == .reference)
        #expect(directory.schema.attribute("whenCreated")?.syntax == .string)
        #expect(directory.schema.objectClass("user")?.superior == "organizationalPerson")
        #expect(directory.schema.objectClass("user")?.members.count == 179)
        let user = try #require(directory.schema.attributes(of: "user")).map(\.name)
        #expect(Set(user).isSuperset(of: ["sAMAccountName", "objectGUID", "manager", "mail", "cn"]))
        #expect(Set(user).count == user.count)
        #expect(directory.schema.attributes(of: "nobody") == nil)
        #expect(directory.includedAttributes.count == 132)

        let cloud = try #require(configuration.connectors.first { $0.kind == .cloud })
        #expect(cloud.schema.attributes.count == 185)
        #expect(cloud.schema.objectClass("user")?.members.filter(\.isAnchor).map(\.attribute) == ["cloudAnchor"])
    }

    @Test("The parameters that expressions use are known for each connector")
    func parameters() throws {
        let configuration = try configuration()
        let directory = try #require(configuration.connectors.first { $0.kind == .activeDirectory })
        let values = directory.ruleParameters
        #expect(values["Connector.ID"] == directory.id)
        #expect(values["Domain.FQDN"] == "contoso.com")
        #expect(values["Domain.Netbios"] == "CONTOSO")
        #expect(values["Forest.LDAP"] == "DC=contoso,DC=com")
        #expect(values["ADS_UF_ACCOUNTDISABLE"] == "0x2")
        #expect(values["password"] == nil && values["forest-port"] == nil)
        let used = try configuration.rules.flatMap(\.flows).flatMap { flow -> [String] in
            guard case .expression(let text) = flow.source else { return [] }
            let regex = try Regex("%([A-Za-z][A-Za-z.]+)%", as: (Substring, Substring).self)
            return text.matches(of: regex).map { String($0.output.1) }
        }
        #expect(!used.isEmpty)
        for name in Set(used) { #expect(values[name] != nil, "\(name)") }
    }
}
