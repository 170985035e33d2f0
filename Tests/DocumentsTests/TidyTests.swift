import Foundation
import TestSupport
import Testing

/// Rules of this package that the compiler does not know.
struct TidyTests {
    /// One line of code without comments and without what stands in quotes.
    struct CodeLine: Sendable {
        let number: Int
        let text: String
    }

    struct Source: Sendable {
        /// Below the package's folder, such as `Sources/Documents/JSONValue.swift`.
        let path: String
        let lines: [String]
        let code: [CodeLine]

        init(path: String, text: String) {
            self.path = path
            lines = text.components(separatedBy: "\n")
            var isQuoting = false
            var code: [CodeLine] = []
            for (index, line) in lines.enumerated() {
                let isBorder = line.contains("\"\"\"")
                if !isQuoting, !isBorder {
                    code.append(CodeLine(number: index + 1, text: TidyTests.withoutQuotes(line)))
                }
                if isBorder, line.components(separatedBy: "\"\"\"").count.isMultiple(of: 2) { isQuoting.toggle() }
            }
            self.code = code
        }

        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var isProduct: Bool { path.hasPrefix("Sources/") }

        var imports: Set<String> {
            let modifiers: Set<Substring> = ["public", "package", "internal", "private", "fileprivate", "@testable"]
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            return Set(
                code.filter { $0.text.contains("import ") }.compactMap { line -> String? in
                    let words = line.text.split(separator: " ").drop { modifiers.contains($0) }
                    guard words.first == "import" else { return nil }
                    let name = words.dropFirst().drop { kinds.contains($0) }.first
                    return name?.split(separator: ".").first.map(String.init)
                })
        }
    }

    /// Leaves the quotes and takes what is between them, and everything after a comment's beginning.
    static func withoutQuotes(_ line: String) -> String {
        var kept: [UInt8] = []
        var end: UInt8?
        var previous: UInt8 = 0
        for byte in line.utf8 {
            if let closing = end {
                if byte == closing, previous != UInt8(ascii: "\\") { end = nil }
                // Two backslashes are one, and escape nothing.
                previous = byte == UInt8(ascii: "\\") && previous == byte ? 0 : byte
                continue
            }
            if byte == UInt8(ascii: "/"), previous == byte { break }
            if byte == UInt8(ascii: "\"") { end = byte }
            // A regular expression between #/ and /#.
            if byte == UInt8(ascii: "/"), previous == UInt8(ascii: "#") { end = UInt8(ascii: "#") }
            kept.append(byte)
            previous = byte
        }
        return String(decoding: kept, as: UTF8.self)
    }

    static let sources: [Source] = ["Sources", "Tests"].flatMap { top -> [Source] in
        let folder = packageFolder.appending(path: top)
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return text.map { Source(path: "\(top)/\(name)", text: $0) }
        }
    }

    /// Where one of the words occurs in the code, as `path:line`.
    private func places(_ words: [String], productOnly: Bool = false) -> [String] {
        Self.sources.filter { $0.isProduct || !productOnly }.flatMap { source in
            source.code.filter { line in words.contains { line.text.contains($0) } }
                .map { "\(source.path):\($0.number)" }
        }
    }

    /// Whether something is unwrapped by force: a mark directly after a name or a closing bracket, and not `!=`.
    static func forces(_ text: String) -> Bool {
        let bytes = Array(text.utf8) + [0]
        return bytes.indices.dropLast().contains { index in
            guard bytes[index] == UInt8(ascii: "!"), index > 0, bytes[index + 1] != UInt8(ascii: "=") else {
                return false
            }
            let before = Character(Unicode.Scalar(bytes[index - 1]))
            return before.isLetter || before.isNumber || before == ")" || before == "]" || before == "_"
        }
    }

    @Test("There are sources to look at")
    func sources() {
        #expect(Self.sources.filter(\.isProduct).count > 100)
        #expect(Self.sources.contains { $0.path == "Tests/DocumentsTests/TidyTests.swift" })
    }

    /// Files that are longer than the limit today. They may only shrink; no file joins them.
    static let longFiles = ["Tests/SyncEngineTests/SynchronizationTests.swift": 449]
    static let longest = 400

    @Test("No file grows beyond 400 lines")
    func length() {
        for source in Self.sources {
            // The last line ends with a newline, after which nothing comes.
            let count = source.lines.count - 1
            let limit = Self.longFiles[source.path] ?? Self.longest
            #expect(count <= limit, "\(source.path) has \(count) lines")
        }
        for (path, limit) in Self.longFiles {
            let count = Self.sources.first { $0.path == path }.map { $0.lines.count - 1 } ?? 0
            #expect(count == limit, "\(path) has \(count) lines; enter the smaller number or take it off the list")
        }
    }

    @Test("Nothing is forced: no 'try!', no 'as!', no forced unwrapping")
    func nothingForced() {
        let forced = Self.sources.flatMap { source in
            source.code.filter { $0.text.contains("!") && Self.forces($0.text) }.map { "\(source.path):\($0.number)" }
        }
        #expect(forced == [])
    }

    @Test(
        "Forcing is found, and nothing else is taken for it",
        arguments: [
            ("try! f()", true), ("x as! Int", true), ("value!.count", true), ("list[0]!", true), ("f()!", true),
            ("a_! + 1", true), ("var x: Int!", true), ("a != b", false), ("!a", false), ("f(!a)", false),
            ("\"done!\"", false), ("x // try! this", false), ("#/a!/#", false),
        ])
    func forcing(_ line: String, _ isForced: Bool) {
        #expect(Self.forces(Self.withoutQuotes(line)) == isForced)
    }

    @Test("A type that the compiler cannot prove to be Sendable says on the line above why it is")
    func uncheckedSendable() {
        for source in Self.sources {
            for line in source.code
            where line.text.contains("@unchecked Sendable") || line.text.contains("nonisolated(unsafe)") {
                let above = line.number >= 2 ? source.lines[line.number - 2].trimmingCharacters(in: .whitespaces) : ""
                #expect(above.hasPrefix("//"), "\(source.path):\(line.number)")
            }
        }
    }

    @Test("No warning is switched off and nothing is left to do")
    func leftovers() {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "swift-format" + "-ignore"]
        for source in Self.sources {
            for (index, line) in source.lines.enumerated() {
                for mark in marks { #expect(!line.contains(mark), "\(source.path):\(index + 1)") }
            }
        }
    }

    @Test("Products write files through the durable layer, start programs through one, and read documents strictly")
    func forbidden() {
        #expect(places(["Process()", "Foundation.Process"], productOnly: true) == [])
        #expect(
            places(
                ["Data.write(", ").write(to:", "data.write(to:", ".write(toFile:", "createFile(atPath:"],
                productOnly: true) == [])
        #expect(
            places(["JSONDecoder", "JSONSerialization", "JSONEncoder(", "Codable", "Decodable"], productOnly: true)
                == [])
        #expect(places(["fatalError(", "Thread.sleep", "DispatchQueue"], productOnly: true) == [])
    }

    /// What each target may import, besides Glibc and Synchronization. An arrow that is not here does not exist: lower
    /// targets do not know the higher ones, and a C library is known to the targets that wrap it alone.
    static let allowedImports: [String: Set<String>] = [
        "Documents": [],
        "LinuxHost": ["CLinux", "Crypto", "Documents"],
        "ReleaseContract": ["Documents"],
        "VersionCatalog": ["Documents", "Foundation", "ReleaseContract"],
        "SyncConfiguration": ["Documents", "ReleaseContract"],
        "SyncExpressions": ["Crypto", "SwiftASN1", "X509"],
        "SyncEngine": ["Documents", "SyncConfiguration", "SyncExpressions"],
        "ServiceStore": [
            "CSQLiteShims", "Documents", "Foundation", "GRDB", "LinuxHost", "ReleaseContract", "SyncConfiguration",
            "SyncEngine",
        ],
        "TUF": ["Crypto", "CryptoExtras", "Documents", "LinuxHost"],
        "Transfer": [
            "CCurl", "CCurlShims", "Crypto", "Documents", "LinuxHost", "ReleaseContract", "TUF", "VersionCatalog",
        ],
        "Sandbox": ["CLinux", "CSeccomp"],
        "Unpacking": ["CArchive", "CLinux", "Documents", "ReleaseContract"],
        "ReleaseTools": [
            "TUF",
            "CArchive", "Crypto", "Documents", "Foundation", "LinuxHost", "ReleaseContract", "VersionCatalog",
        ],
        "Upgrader": [
            "Documents", "LinuxHost", "ReleaseContract", "SyncConfiguration", "TUF", "Transfer", "VersionCatalog",
        ],
        "ForestGenerator": ["SyncEngine"],
        "aadc-upgrade": [
            "ArgumentParser", "Documents", "LinuxHost", "ReleaseContract", "SyncConfiguration", "Upgrader",
            "VersionCatalog",
        ],
        "adsync": [
            "ArgumentParser", "Documents", "LinuxHost", "ReleaseContract", "ServiceStore", "SyncConfiguration",
            "SyncEngine",
        ],
        "aadc-rescuer": ["CLinux"],
        "aadc-unpack": ["Sandbox", "Unpacking"],
        "aadc-tuf": ["ArgumentParser", "Documents", "LinuxHost", "TUF", "Transfer"],
        "aadc-publish": ["TUF", "ArgumentParser", "Documents", "LinuxHost", "ReleaseTools", "VersionCatalog"],
        "forest-generator": ["ArgumentParser", "ForestGenerator"],
    ]

    @Test("Imports point downwards", arguments: allowedImports.keys.sorted())
    func imports(_ target: String) throws {
        let allowed = try #require(Self.allowedImports[target]).union(["Glibc", "Synchronization"])
        let files = Self.sources.filter { $0.isProduct && $0.target == target }
        #expect(!files.isEmpty)
        for source in files {
            #expect(source.imports.subtracting(allowed).sorted() == [], "\(source.path)")
        }
    }

    @Test("Every target of the package is in the table, and the table has no cycle")
    func table() {
        #expect(Set(Self.sources.filter(\.isProduct).map(\.target)) == Set(Self.allowedImports.keys))
        var placed: Set<String> = []
        var waiting = Self.allowedImports
        while let next = waiting.first(where: { $0.value.intersection(waiting.keys).isEmpty }) {
            placed.insert(next.key)
            waiting[next.key] = nil
        }
        #expect(waiting.keys.sorted() == [])
    }

    @Test(
        "The rescuer and the unpacker link no Foundation, not by way of anything they import",
        arguments: ["aadc-rescuer", "aadc-unpack"])
    func small(_ program: String) {
        var all: Set<String> = []
        var unseen = [program]
        while let target = unseen.popLast() {
            for imported in Self.allowedImports[target] ?? [] where all.insert(imported).inserted {
                unseen.append(imported)
            }
        }
        #expect(all.filter { $0.hasPrefix("Foundation") || $0 == "ArgumentParser" || $0 == "Crypto" }.sorted() == [])
    }

    @Test("The checker of invariants shares no code with what it judges")
    func checker() {
        let products = Set(Self.allowedImports.keys)
        for source in Self.sources where source.path.hasPrefix("Tests/InvariantChecker/") {
            #expect(source.imports.intersection(products).sorted() == [], "\(source.path)")
        }
    }
}
