import Documents
import ReleaseContract
import Testing

private let digest = String(repeating: "ab", count: 32)

/// A whole `release.json` as JSON, with these files beside the one program.
private func manifest(paths: [String] = [], change: (inout [String: JSONValue]) -> Void = { _ in }) -> JSONValue {
    let program: JSONValue = ["path": "bin/service", "size": 5, "mode": "0755", "sha256": .string(digest)]
    let files = paths.map { path -> JSONValue in
        ["path": .string(path), "size": 1, "mode": "0644", "sha256": .string(digest)]
    }
    var commands: [String: JSONValue] = [:]
    for verb in ControlVerb.allCases {
        commands[verb.rawValue] = ["argv": ["bin/service", .string(verb.rawValue)], "timeoutSeconds": 30]
    }
    var members: [String: JSONValue] = [
        "schema": "release/1", "product": "adsync", "version": "1.1.750.0", "platform": "linux-x86_64", "contract": 1,
        "upgradesFrom": "1.1.105.0", "dataSchema": ["reads": [1, 2], "writes": 2], "files": .array([program] + files),
        "unpackedBytes": JSONValue(5 + paths.count), "fileCount": JSONValue(1 + paths.count), "freeDiskBytes": 1000,
        "settingsChanged": ["rule.*", "connector.a"], "components": [["name": "health-agent", "version": "3.1.2.0"]],
        "commands": .object(commands),
    ]
    change(&members)
    return .object(members)
}

@Suite("release.json")
struct ReleaseManifestTests {
    @Test("is read and written back, with fields that nobody knows")
    func roundTrip() throws {
        let json = manifest(paths: ["rules/a.xml"]) {
            $0["later"] = ["a": 1]
            $0["notes"] = "one line"
        }
        let document = try ReleaseManifest(json: json, file: "release.json")
        #expect(document.version == ProductVersion(1, 1, 750, 0))
        #expect(document.commands[.waitIdle]?.argv == ["bin/service", "wait-idle"])
        #expect(document.unpackedBytes == 6)
        let again = try ReleaseManifest(json: document.json, file: "again")
        #expect(again == document)
        #expect(again.unknown == ["later": ["a": 1]])
    }

    @Test(
        "keeps a path that is only unusual",
        arguments: ["a b", "..a/b", "a..", "rules/ä.xml", ".hidden", String(repeating: "x", count: 255)])
    func keepsPath(path: String) throws {
        let document = try ReleaseManifest(json: manifest(paths: [path]), file: "f")
        #expect(document.files.last?.path == path)
    }

    @Test(
        "refuses a path that leaves the release or names no place",
        arguments: [
            ("", "is empty"), ("/etc/passwd", "is absolute"), ("../a", "'..'"), ("a/../b", "'..'"), ("a/..", "'..'"),
            ("a//b", "empty component"), ("a/", "empty component"), ("./a", "'.'"), ("a\u{0}b", "control character"),
            ("a\nb", "control character"), ("a\u{202E}b", "control character"),
            (String(repeating: "x", count: 256), "longer than 255"),
            (String(repeating: "x/", count: 600) + "y", "1024"),
            ("release.json", "must not list itself"), ("Release.JSON", "by case only"),
        ])
    func refusesPath(path: String, words: String) {
        expectProblem(manifest(paths: [path]), place: "files[1].path", words: words)
    }

    @Test(
        "refuses two paths that are one place somewhere",
        arguments: [
            (["a", "a"], "occurs twice"), (["a", "A"], "by case only"), (["a", "a/b"], "which is a file"),
            (["a/b", "a"], "is a folder of another entry"), (["a/b", "A/c"], "by case only"),
            (["e\u{301}", "\u{E9}"], "by case only"),
        ])
    func refusesTwo(paths: [String], words: String) {
        expectProblem(manifest(paths: paths), place: "files[2].path", words: words)
    }

    @Test(
        "refuses numbers and commands that do not fit the files",
        arguments: [
            ("unpackedBytes", .integer(4), "unpackedBytes", "expected 5"),
            ("fileCount", .integer(2), "fileCount", "expected 1"),
            ("contract", .integer(2), "contract", "newer program"),
            ("commands", .object([:]), "commands.facts", "expected a value"),
            ("version", .string("1.2.3"), "version", "four numbers"),
            ("schema", .string("release/2"), "schema", "release/1"),
            ("files", .array([]), "unpackedBytes", "expected 0"),
        ] as [(String, JSONValue, String, String)])
    func refusesValue(key: String, value: JSONValue, place: String, words: String) {
        expectProblem(manifest { $0[key] = value }, place: place, words: words)
    }

    @Test("refuses a command whose program is not in the release")
    func refusesProgram() {
        let json = manifest { members in
            var commands = members["commands"]?.object ?? [:]
            commands["serve"] = ["argv": ["bin/other"], "timeoutSeconds": 1]
            members["commands"] = .object(commands)
        }
        expectProblem(json, place: "commands.serve.argv[0]", words: "expected an executable file of the release")
    }

    @Test("names the settings that may change, one by one or by prefix")
    func settings() throws {
        let document = try ReleaseManifest(json: manifest(), file: "f")
        #expect(document.mayChange(setting: "rule.{1}"))
        #expect(document.mayChange(setting: "connector.a"))
        #expect(!document.mayChange(setting: "connector.ab"))
    }

    private func expectProblem(_ json: JSONValue, place: String, words: String) {
        let error = #expect(throws: DocumentError.self) { try ReleaseManifest(json: json, file: "x.release.json") }
        #expect(error?.file == "x.release.json")
        #expect(error?.place == place)
        #expect(error?.problem.contains(words) == true, "\(error?.problem ?? "")")
    }
}

@Suite("chunk list")
struct ChunkListTests {
    private func list(size: Int, chunkSize: Int, count: Int, name: String = "a.tar.zst") -> JSONValue {
        [
            "schema": "chunks/1",
            "archive": ["name": .string(name), "size": JSONValue(size), "sha256": .string(digest)],
            "chunkSize": JSONValue(chunkSize), "chunks": .array(Array(repeating: .string(digest), count: count)),
        ]
    }

    @Test("has one digest for each chunk, the last one shorter", arguments: [(0, 0), (1, 1), (1024, 1), (1025, 2)])
    func counts(size: Int, count: Int) throws {
        let chunks = try ChunkList(json: list(size: size, chunkSize: 1024, count: count), file: "f")
        #expect(try ChunkList(json: chunks.json, file: "f") == chunks)
        if count > 0 { #expect(chunks.range(ofChunk: count - 1).upperBound == size) }
        #expect(throws: DocumentError.self) {
            try ChunkList(json: list(size: size, chunkSize: 1024, count: count + 1), file: "f")
        }
    }

    @Test("refuses chunk sizes that cost too much", arguments: [0, -1, 1023, 16 << 20 + 1])
    func chunkSizes(size: Int) {
        #expect(throws: DocumentError.self) { try ChunkList(json: list(size: 0, chunkSize: size, count: 0), file: "f") }
    }

    @Test("refuses an archive that lies elsewhere", arguments: ["../a", "b/a", "/a", ""])
    func names(name: String) {
        #expect(throws: DocumentError.self) {
            try ChunkList(json: list(size: 0, chunkSize: 1024, count: 0, name: name), file: "f")
        }
    }
}
