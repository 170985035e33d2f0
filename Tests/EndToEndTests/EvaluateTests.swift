import Foundation
import TestSupport
import Testing

/// `adsync evaluate` as people call it, over a real server's export. What is expected comes from the documents.
@Suite(
    "adsync evaluate over an exported configuration",
    .enabled(if: realExport != nil, "the real export does not lie beside this package"))
struct EvaluateTests {
    private static let cloudConnector = "{b891884f-051e-4a83-95af-2544101c9083}"

    /// Sixteen bytes that no text is made of.
    private static func guid(_ number: UInt8) -> Data { Data(0xF0...0xFE) + Data([number]) }
    private static func anchor(_ number: UInt8) -> String { guid(number).base64EncodedString() }
    /// `CN={…}` with the anchor's UTF-8 in upper-case hexadecimal digits.
    private static func cloudName(_ number: UInt8) -> String {
        "CN={" + anchor(number).utf8.map { String(format: "%02X", $0) }.joined() + "}"
    }

    private static func entry(_ name: String, _ number: UInt8, _ type: String, _ lines: String...) -> String {
        let sid = Data([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, number, 4, 0, 0])
        let all =
            [
                "dn: CN=\(name),OU=All,DC=contoso,DC=com", "objectClass: top", "objectClass: \(type)", "cn: \(name)",
                "displayName: \(name)", "objectGUID:: \(guid(number).base64EncodedString())",
                "objectSid:: \(sid.base64EncodedString())",
            ] + lines
        return all.joined(separator: "\n") + "\n\n"
    }

    private static func user(_ name: String, _ number: UInt8, control: Int = 512, _ lines: String...) -> String {
        entry(
            name, number, "user",
            (["sAMAccountName: \(name)", "userPrincipalName: \(name)@contoso.com", "userAccountControl: \(control)"]
                + lines).joined(separator: "\n"))
    }

    private static let dump =
        user("anna", 1, "manager: CN=bela,OU=All,DC=contoso,DC=com") + user("bela", 2, control: 514)
        + user("nameless", 3).replacing("sAMAccountName: nameless\n", with: "")
        + user("MSOL_0123", 4)
        + entry(
            "staff", 5, "group", "sAMAccountName: staff", "groupType: -2147483646",
            "member: CN=anna,OU=All,DC=contoso,DC=com", "member: CN=administrators,OU=All,DC=contoso,DC=com")
        + entry(
            "administrators", 6, "group", "sAMAccountName: Administrators", "groupType: -2147483643",
            "isCriticalSystemObject: TRUE")
        + user("linked", 7, control: 514, "msExchRecipientTypeDetails: 2", "mailNickname: linked")

    private func evaluate(_ folder: URL, _ texts: [String: String], _ more: String...) throws -> ProgramResult {
        var arguments = ["evaluate", "--export", try #require(realExport).path, "--now", "2026-01-31T12:00:00Z"]
        for (number, dump) in texts.sorted(by: { $0.key < $1.key }).enumerated() {
            let file = folder.appending(path: "\(number).ldif")
            try Data("version: 1\n\n\(dump.value)".utf8).write(to: file)
            arguments += ["--data", "\(dump.key)=\(file.path)"]
        }
        return try run(builtProgram("adsync"), arguments + more)
    }

    private func objects(_ result: ProgramResult, _ member: String) -> [[String: Any]] {
        result.document[member] as? [[String: Any]] ?? []
    }

    /// The new value of an attribute with one value; the added ones of others, references by name.
    private func new(_ export: [String: Any]?, _ attribute: String) -> [String] {
        let changes = export?["changes"] as? [[String: Any]] ?? []
        let added = changes.first { $0["attribute"] as? String == attribute }?["added"] as? [Any] ?? []
        return added.map { ($0 as? String) ?? ($0 as? [String: String])?["name"] ?? "?" }.sorted()
    }

    @Test func `accounts and groups arrive in the cloud as documented, and what is filtered stays out`() throws {
        try withTemporaryFolder { folder in
            let result = try evaluate(folder, ["contoso.com": Self.dump], "--format", "json")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.document["schema"] as? String == "evaluate/1")
            let pending = objects(result, "pendingExports")
            let byName = Dictionary(grouping: pending) { $0["dn"] as? String ?? "" }
            #expect(
                Set(byName.keys) == [Self.cloudName(1), Self.cloudName(2), Self.cloudName(5)],
                "no sAMAccountName, MSOL_ accounts, critical groups and linked mailboxes stay out")
            let anna = byName[Self.cloudName(1)]?.first
            #expect(anna?["operation"] as? String == "add")
            #expect(anna?["objectType"] as? String == "user")
            #expect(new(anna, "sourceAnchor") == [Self.anchor(1)])
            #expect(new(anna, "userPrincipalName") == ["anna@contoso.com"])
            #expect(new(anna, "accountEnabled") == ["True"])
            #expect(new(anna, "manager") == ["bela"])
            #expect(new(byName[Self.cloudName(2)]?.first, "accountEnabled") == ["False"])
            let staff = byName[Self.cloudName(5)]?.first
            #expect(staff?["objectType"] as? String == "group")
            #expect(new(staff, "securityEnabled") == ["True"])
            #expect(new(staff, "member") == ["anna"], "who is not in the cloud cannot be referred to there")
            #expect(objects(result, "errors").isEmpty)
            let people = objects(result, "metaverse").filter { $0["type"] as? String == "person" }
            let enabled = people.first { $0["name"] as? String == "anna" }?["attributes"] as? [String: Any]
            #expect(enabled?["sourceAnchor"] as? [String] == [Self.anchor(1)])
        }
    }

    @Test func `what the cloud has confirmed is not sent again, and what it has otherwise is an update`() throws {
        try withTemporaryFolder { folder in
            let first = try evaluate(folder, ["contoso.com": Self.user("anna", 1)], "--format", "json")
            let changes = objects(first, "pendingExports").first?["changes"] as? [[String: Any]] ?? []
            var lines = ["dn: \(Self.cloudName(1))", "objectClass: user"]
            for change in changes {
                let name = change["attribute"] as? String ?? ""
                for value in change["added"] as? [Any] ?? [] {
                    if let text = value as? String { lines.append("\(name): \(text)") }
                    if let bytes = (value as? [String: String])?["base64"] { lines.append("\(name):: \(bytes)") }
                }
            }
            #expect(lines.count > 5)
            let cloud = lines.joined(separator: "\n") + "\n"
            let confirmed = try evaluate(
                folder, ["contoso.com": Self.user("anna", 1), Self.cloudConnector.uppercased(): cloud], "--format",
                "json")
            #expect(confirmed.status == 0, "\(confirmed.errors)")
            #expect(objects(confirmed, "pendingExports").isEmpty, "\(confirmed.output.prefix(3000))")
            let other = cloud.replacing("displayName: anna", with: "displayName: Ann")
            let updated = try evaluate(
                folder, ["contoso.com": Self.user("anna", 1), Self.cloudConnector: other], "--format", "json")
            let pending = objects(updated, "pendingExports")
            #expect(pending.map { $0["operation"] as? String } == ["update"])
            let change = (pending.first?["changes"] as? [[String: Any]])?.first
            #expect(change?["attribute"] as? String == "displayName")
            #expect(change?["old"] as? String == "Ann")
            #expect(change?["new"] as? String == "anna")
        }
    }

    @Test func `an account without a principal name gets one of its domain, and an object that fails is told`() throws {
        try withTemporaryFolder { folder in
            let dump =
                Self.user("anna", 1).replacing("userPrincipalName: anna@contoso.com\n", with: "")
                + "dn: CN=secret,OU=All,DC=contoso,DC=com\nobjectClass: user\ncn: secret\n"
            let result = try evaluate(folder, ["contoso.com": dump], "--format", "json")
            #expect(result.status == 0, "\(result.errors)")
            let pending = objects(result, "pendingExports")
            #expect(pending.count == 1)
            #expect(new(pending.first, "userPrincipalName") == ["anna@contoso.com"])
            let errors = objects(result, "errors")
            #expect(errors.map { $0["dn"] as? String } == ["CN=secret,OU=All,DC=contoso,DC=com"])
            #expect(errors.first?["code"] as? String == "missing-anchor")
        }
    }

    @Test func `a preview says which clause keeps a critical group out`() throws {
        try withTemporaryFolder { folder in
            let result = try evaluate(
                folder, ["contoso.com": Self.dump], "--preview", "Administrators", "--format", "json")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.document["schema"] as? String == "preview/1")
            let rules = objects(result, "rules")
            #expect(!rules.isEmpty)
            #expect(rules.allSatisfy { $0["inScope"] as? Bool == false })
            let reasons = rules.flatMap { $0["reasons"] as? [String] ?? [] }
            #expect(reasons.contains { $0.contains("isCriticalSystemObject") && $0.contains("TRUE") })
        }
    }

    @Test func `changes come after the dumps: one title is replaced, one user goes`() throws {
        try withTemporaryFolder { folder in
            let changes = folder.appending(path: "changes.ldif")
            let replace =
                "dn: CN=anna,OU=All,DC=contoso,DC=com\nchangetype: modify\nreplace: title\ntitle: After\n-\n\n"
            try Data("version: 1\n\n\(replace)dn: CN=bela,OU=All,DC=contoso,DC=com\nchangetype: delete\n".utf8).write(
                to: changes)
            let dump = Self.user("anna", 1, "title: Before") + Self.user("bela", 2)
            let result = try evaluate(
                folder, ["contoso.com": dump], "--changes", "contoso.com=\(changes.path)", "--format", "json")
            #expect(result.status == 0, "\(result.errors)")
            let exports = objects(result, "pendingExports")
            #expect(exports.compactMap { $0["dn"] as? String } == [Self.cloudName(1)])
            #expect(new(exports.first, "title") == ["After"])
        }
    }

    @Test func `the project's own rules need no export`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "corp.ldif")
            try Data("version: 1\n\n\(Self.dump)".utf8).write(to: file)
            let rules = packageFolder.appending(path: "catalog/rules/standard-2.json").path
            let result = try run(
                builtProgram("adsync"),
                [
                    "evaluate", "--rules", rules, "--connector", "contoso.com", "--data", "contoso.com=\(file.path)",
                    "--format", "json",
                ])
            #expect(result.status == 0, "\(result.errors)")
            let names = objects(result, "pendingExports").compactMap { $0["dn"] as? String }
            #expect(Set(names).isSuperset(of: [Self.cloudName(1), Self.cloudName(2)]))
            #expect(!names.contains(Self.cloudName(6)))
        }
    }
}

/// What is wrong with the words or the files is told once, with a status that says what kind it is.
@Suite("adsync evaluate and bad input")
struct EvaluateInputTests {
    private static let rules = packageFolder.appending(path: "catalog/rules/standard-2.json").path

    private func evaluate(_ folder: URL, _ arguments: [String]) throws -> ProgramResult {
        try run(builtProgram("adsync"), ["evaluate"] + arguments.map { $0.replacing("FOLDER", with: folder.path) })
    }

    @Test(arguments: [
        (["--data", "korp=FOLDER/good.ldif"], 64, ["korp", "\"corp\"", "\"cloud\""]),
        (["--data", "corp"], 64, ["CONNECTOR=FILE"]),
        (["--data", "corp=FOLDER/good.ldif", "--now", "noon"], 64, ["--now", "noon"]),
        (["--data", "corp=FOLDER/none.ldif"], 66, ["none.ldif"]),
        (["--data", "corp=FOLDER/bad.ldif"], 65, ["bad.ldif", "line 4"]),
        (["--data", "corp=FOLDER/changes.ldif"], 65, ["changes.ldif", "line 3", "dump"]),
        (["--data", "corp=FOLDER/good.ldif", "--preview", "nemo"], 66, ["nemo"]),
    ])
    func `bad input is one error with its place`(arguments: [String], status: Int, parts: [String]) throws {
        try withTemporaryFolder { folder in
            for (name, text) in [
                ("good", "dn: CN=a\nobjectClass: user\nobjectGUID: a\n"), ("bad", "dn: CN=a\nobjectClass user\n"),
                ("changes", "dn: CN=a\nchangetype: delete\n"),
            ] {
                try Data("version: 1\n\n\(text)".utf8).write(to: folder.appending(path: "\(name).ldif"))
            }
            let result = try evaluate(
                folder, ["--rules", Self.rules, "--connector", "corp", "--format", "json"] + arguments)
            #expect(result.status == status, "\(result.errors)")
            for part in parts { #expect(result.errors.contains(part), "\(part) in \(result.errors)") }
            #expect(result.document["error"] != nil)
        }
    }

    @Test func `an export that is not there, or rules that are none, are told by name`() throws {
        try withTemporaryFolder { folder in
            try Data("{}".utf8).write(to: folder.appending(path: "rules.json"))
            let missing = try evaluate(folder, ["--export", "FOLDER/none", "--data", "a=b"])
            #expect(missing.status == 66)
            let bad = try evaluate(folder, ["--rules", "FOLDER/rules.json", "--connector", "corp", "--data", "corp=b"])
            #expect(bad.status == 65)
            #expect(bad.errors.contains("rules.json"))
            #expect(try evaluate(folder, ["--data", "a=b"]).status == 64)
        }
    }
}
