import Foundation
import TestSupport
import Testing

/// Rules of this package that the compiler does not know.
struct TidyTests {
    struct Source: Sendable {
        /// Below the package's folder, such as `Sources/Documents/JSONValue.swift`.
        let path: String
        let lines: [String]

        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var isProduct: Bool { path.hasPrefix("Sources/") }

        /// Lines without comments and without what stands in quotes, with their numbers.
        var code: [(number: Int, text: String)] {
            var isQuoting = false
            return lines.enumerated().compactMap { index, line in
                let marks = line.components(separatedBy: "\"\"\"").count - 1
                defer { if marks % 2 == 1 { isQuoting.toggle() } }
                if isQuoting || marks > 0 { return nil }
                let unquoted = line.replacing(#/"(\\.|[^"\\])*"/#, with: "\"\"")
                return (index + 1, unquoted.replacing(#/(^|\s)\/\/.*$/#, with: ""))
            }
        }

        var imports: Set<String> {
            Set(
                code.compactMap {
                    $0.text.firstMatch(
                        of: #/^(?:@\w+ |public |package |internal |private |fileprivate )*import (?:(?:struct|class|enum|protocol|func|var|let|typealias) )?(\w+)/#
                    ).map { String($0.1) }
                })
        }
    }

    static let sources: [Source] = ["Sources", "Tests"].flatMap { top -> [Source] in
        let folder = packageFolder.appending(path: top)
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return text.map { Source(path: "\(top)/\(name)", lines: $0.components(separatedBy: "\n")) }
        }
    }

    /// Where a pattern occurs in the code, as `path:line`.
    private func places(_ pattern: Regex<Substring>, productOnly: Bool = false) -> [String] {
        // Not a computed property of the type: a regular expression is not Sendable.
        Self.sources.filter { $0.isProduct || !productOnly }.flatMap { source in
            source.code.filter { $0.text.contains(pattern) }.map { "\(source.path):\($0.number)" }
        }
    }

    @Test("There are sources to look at")
    func sources() {
        #expect(Self.sources.filter(\.isProduct).count > 100)
        #expect(Self.sources.contains { $0.path == "Tests/DocumentsTests/TidyTests.swift" })
    }

    /// Files that are longer than the limit today. They may only shrink; no file joins them.
    static let longFiles: [String: Int] = [:]
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
        #expect(places(#/\b(try|as)!/#) == [])
        #expect(places(#/[\w\)\]]!(?!=)/#) == [])
    }

    @Test("A type that the compiler cannot prove to be Sendable says on the line above why it is")
    func uncheckedSendable() {
        for source in Self.sources {
            for (number, text) in source.code where text.contains(#/@unchecked Sendable|nonisolated\(unsafe\)/#) {
                let above = number >= 2 ? source.lines[number - 2].trimmingCharacters(in: .whitespaces) : ""
                #expect(above.hasPrefix("//"), "\(source.path):\(number)")
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
        #expect(places(#/\bProcess\(\)|\bFoundation\.Process\b/#, productOnly: true) == [])
        #expect(places(#/\bData\b.*\.write\(to:|\.write\(toFile:|createFile\(atPath:/#, productOnly: true) == [])
        #expect(places(#/\bJSONDecoder\b|\bJSONSerialization\b|\bJSONEncoder\(|\bCodable\b/#, productOnly: true) == [])
        #expect(places(#/\bfatalError\(|\bThread\.sleep|\bDispatchQueue\b/#, productOnly: true) == [])
    }

    /// What each target may import, besides Glibc and Synchronization. An arrow that is not here does not exist: lower
    /// targets do not know the higher ones, and a C library is known to the targets that wrap it alone.
    static let allowedImports: [String: Set<String>] = [
        "Documents": [],
        "LinuxHost": ["CLinux", "Crypto", "Documents"],
        "ReleaseContract": ["Documents"],
        "VersionCatalog": ["Crypto", "Documents", "Foundation", "ReleaseContract"],
        "SyncConfiguration": ["Documents", "Foundation", "FoundationXML"],
        "SyncEngine": ["Documents", "SyncConfiguration"],
        "ServiceStore": [
            "CSQLiteShims", "Documents", "Foundation", "GRDB", "LinuxHost", "ReleaseContract", "SyncConfiguration",
            "SyncEngine",
        ],
        "Transfer": ["CCurl", "CCurlShims", "Crypto", "Documents", "LinuxHost", "ReleaseContract", "VersionCatalog"],
        "Unpacking": ["CArchive", "CLinux", "ReleaseContract"],
        "ReleaseTools": [
            "CArchive", "Crypto", "Documents", "Foundation", "LinuxHost", "ReleaseContract", "VersionCatalog",
        ],
        "Upgrader": ["Documents", "LinuxHost", "ReleaseContract", "SyncConfiguration", "Transfer", "VersionCatalog"],
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
        "aadc-unpack": ["CLinux", "Unpacking"],
        "aadc-publish": ["ArgumentParser", "Documents", "LinuxHost", "ReleaseTools", "VersionCatalog"],
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

    @Test("The rescuer and the unpacker link no Foundation, not by way of anything they import", arguments: ["aadc-rescuer", "aadc-unpack"])
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
