import Documents
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

/// A configuration run over dumps without a server, and what the report of it says.
@Suite struct EvaluationTests {
    private func evaluation(_ dumps: [(connector: String, texts: [String])]) throws -> OfflineEvaluation {
        let connectors = [
            ConnectorDefinition(id: "corp", name: "corp.example", kind: .activeDirectory),
            ConnectorDefinition(id: "cloud", name: "Cloud", kind: .cloud),
        ]
        let evaluation = try OfflineEvaluation(connectors: connectors, rules: SmallRules.people, now: Bench.today)
        for (name, texts) in dumps {
            let readers = texts.enumerated().map {
                LDIFReader(file: "\(name)-\($0.offset).ldif", bytes: Array($0.element.utf8))
            }
            try evaluation.read(readers, into: try evaluation.connector(named: name))
        }
        try evaluation.synchronize()
        return evaluation
    }

    private func report(_ evaluation: OfflineEvaluation, _ format: EvaluationReport.Format) throws -> String {
        var text = ""
        try EvaluationReport(evaluation).write(format) { text += $0 + "\n" }
        return text
    }

    private func json(_ evaluation: OfflineEvaluation) throws -> JSONValue {
        try JSONParser.parse(Array(try report(evaluation, .json).utf8))
    }

    private let anna = SmallRules.person(
        "Anna", "mail: anna@x\ntitle: New\nproxyAddresses: SMTP:anna@x\nproxyAddresses: smtp:a@x\nthumbnailPhoto:: AAH/"
    )
    private let bela = SmallRules.person("Bela", "mail: bela@x\nmanager: CN=Anna,DC=corp")
    private let clara = SmallRules.person("Clara", "mail: clara@x\ncity: Atlantis")

    /// Anna as the cloud has her, and somebody whom the cloud alone has.
    private let cloud = """
        dn: CN=anna@x
        objectClass: user
        displayName: Anna
        mail: anna@x
        title: Old
        proxyAddresses: SMTP:anna@x
        proxyAddresses: smtp:gone@x
        thumbnailPhoto:: AAH/

        dn: CN=stranger@x
        objectClass: user
        displayName: Stranger


        """

    @Test func `what the cloud has already is an update with old and new, and of lists only what comes and goes`()
        throws
    {
        let document = try json(evaluation([("corp", [anna + bela]), ("cloud", [cloud])]))
        let pending = try #require(document["pendingExports"]?.array)
        #expect(pending.map { $0["operation"]?.string } == ["add", "update"])
        let update = try #require(pending.last)
        #expect(update["dn"] == "CN=anna@x")
        #expect(update["connector"] == "Cloud")
        #expect(update["objectType"] == "user")
        let changes = try #require(update["changes"]?.array)
        #expect(
            Set(changes.map { $0["attribute"]?.string ?? "" }) == ["title", "proxyAddresses"],
            "what is the same on both sides is no change")
        let title = try #require(changes.first { $0["attribute"] == "title" })
        #expect(title["old"] == "Old")
        #expect(title["new"] == "New")
        let addresses = try #require(changes.first { $0["attribute"] == "proxyAddresses" })
        #expect(addresses["removed"] == ["smtp:gone@x"])
        #expect(addresses["added"] == ["smtp:a@x"])
        #expect(addresses["old"] == nil)
    }

    @Test func `references are told by name with the distinguished name beside it, bytes in Base64`() throws {
        let document = try json(evaluation([("corp", [anna + bela])]))
        let pending = try #require(document["pendingExports"]?.array)
        let bela = try #require(pending.first { $0["name"] == "Bela" })
        let manager = bela["changes"]?.array?.first { $0["attribute"] == "manager" }
        #expect(manager?["added"] == [["dn": "CN=anna@x", "name": "Anna"]])
        let person = document["metaverse"]?.array?.first { $0["name"] == "Anna" }
        #expect(person?["attributes"]?["thumbnailPhoto"] == [["base64": "AAH/"]])
        #expect(person?["type"] == "person")
        #expect(
            person?["links"] == [
                ["connector": "corp.example", "dn": "CN=Anna,DC=corp"], ["connector": "Cloud", "dn": "CN=anna@x"],
            ])
    }

    @Test func `an object with an error is in the report, and the others go on`() throws {
        let document = try json(evaluation([("corp", [anna + bela + clara])]))
        let errors = try #require(document["errors"]?.array)
        #expect(errors.count == 1)
        #expect(errors.first?["dn"] == "CN=Clara,DC=corp")
        #expect(errors.first?["connector"] == "corp.example")
        #expect(errors.first?["code"] == "flow-error")
        #expect(errors.first?["detail"]?.string?.contains("no such city") == true)
        #expect(document["pendingExports"]?.array?.count == 2)
    }

    @Test func `several dumps of one connector are together what it has`() throws {
        let document = try json(evaluation([("corp", [anna, bela])]))
        #expect(document["metaverse"]?.array?.count == 2)
        #expect(document["connectors"]?.array?.first?["objects"] == 2)
    }

    @Test(arguments: ["corp", "CORP", "Corp.Example", "cloud"])
    func `a connector is named by its name or its identifier, in any case`(name: String) throws {
        #expect(try evaluation([]).connector(named: name).id == (name == "cloud" ? "cloud" : "corp"))
    }

    @Test func `an unknown connector is refused with those that there are`() throws {
        let evaluation = try evaluation([])
        let error = #expect(throws: EvaluationInputError.self) { try evaluation.connector(named: "korp") }
        for part in ["\"korp\"", "\"corp.example\"", "\"Cloud\""] {
            #expect(error?.description.contains(part) == true, "\(part)")
        }
    }

    @Test func `changes instead of a dump are refused with file and line, and so is what is no LDIF`() throws {
        let change = "dn: CN=Anna,DC=corp\nchangetype: delete\n"
        let refused = #expect(throws: LDIFError.self) { try evaluation([("corp", [anna, "\n" + change])]) }
        #expect(refused?.file == "corp-1.ldif")
        #expect(refused?.line == 2)
        let broken = #expect(throws: LDIFError.self) { try evaluation([("corp", ["dn: CN=Anna\nmail\n"])]) }
        #expect(broken?.line == 2)
    }

    @Test func `a table has nine fields in every line, whatever the values are`() throws {
        let odd = SmallRules.person("Odd", "mail: odd@x\ntitle: a, \"b\"")
        let text = try report(evaluation([("corp", [anna + odd])]), .csv)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { Self.fields($0).count == 9 })
        let titles = lines.map(Self.fields).filter { $0[5] == "title" && $0[4] == "Odd" }
        #expect(titles.map { $0[8] } == ["a, \"b\"", "a, \"b\""])
        #expect(titles.map { $0[1] } == ["metaverse", "add"])
    }

    @Test func `a table has old and new side by side, lists value by value, and references by name`() throws {
        let text = try report(evaluation([("corp", [anna + bela + clara]), ("cloud", [cloud])]), .csv)
        let rows = text.split(separator: "\n").map { Self.fields(String($0)) }
        #expect(rows.first?.suffix(3) == ["change", "old", "new"])
        func changes(_ name: String, _ attribute: String) -> [[String]] {
            rows.filter { $0[0] == "Cloud" && $0[4] == name && $0[5] == attribute }.map { Array($0.suffix(3)) }
        }
        #expect(changes("Anna", "title") == [["update", "Old", "New"]])
        #expect(changes("Anna", "proxyAddresses") == [["remove", "smtp:gone@x", ""], ["add", "", "smtp:a@x"]])
        #expect(changes("Bela", "manager") == [["add", "", "Anna"]])
        let errors = rows.filter { $0[1] == "error" }
        #expect(errors.map { $0[6] } == ["flow-error"])
        #expect(errors.first?[8].contains("no such city") == true)
    }

    @Test func `the text names operation, object, old and new, and the errors`() throws {
        let text = try report(evaluation([("corp", [anna + clara]), ("cloud", [cloud])]), .text)
        for part in [
            "update user Anna (CN=anna@x)", "title: Old -> New", "proxyAddresses - smtp:gone@x",
            "proxyAddresses + smtp:a@x", "no such city", "corp.example: 2 objects imported",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("Stranger"), "nobody but the cloud has her, and nothing is done to her")
    }

    @Test func `the document is as recorded`() throws {
        let text = try report(evaluation([("corp", [anna + bela + clara]), ("cloud", [cloud])]), .json)
        let pretty = String(decoding: try JSONParser.parse(Array(text.utf8)).pretty, as: UTF8.self)
        #expect(goldenDifference("evaluate.json", pretty) == nil)
    }

    @Test func `a server's list of pending exports is as recorded`() throws {
        let engine = try evaluation([("corp", [anna + bela]), ("cloud", [cloud])]).engine
        var entries: [PendingExportList.Entry] = []
        try engine.forEachReportedExport(connector: "cloud") { export in
            let failed = export.operation == .update
            entries.append(
                PendingExportList.Entry(
                    export: export, attempts: failed ? 2 : 0, error: failed ? "refused: name taken" : ""))
        }
        var text = ""
        PendingExportList(entries).write(.json) { text += $0 + "\n" }
        let pretty = String(decoding: try JSONParser.parse(Array(text.utf8)).pretty, as: UTF8.self)
        #expect(goldenDifference("pending-exports.json", pretty) == nil)
    }

    /// The fields of a line as RFC 4180 has them.
    static func fields(_ line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        var last: Character?
        for character in line {
            if character == "\"" {
                if !isQuoted, last == "\"" { fields[fields.count - 1].append("\"") }
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
            last = character
        }
        return fields
    }
}
