import Foundation
import Glibc
import TestSupport
import Testing

/// One archive that `scripts/hostile-archives.py` makes, and what is to be said of it.
struct HostileArchive: CustomTestStringConvertible, Decodable, Sendable {
    let file: String
    let attack: String
    let what: String
    let status: Int
    let words: [String]
    let document: String
    var testDescription: String { "\(attack): \(what)" }
}

/// The whole corpus, made once. Everything lies below one folder, which is removed when this process ends.
struct HostileCorpus: Sendable {
    let folder: URL
    /// What links and paths of the archives aim at.
    var outside: URL { folder.appending(path: "outside") }
    let archives: [HostileArchive]

    static let made = Result { try HostileCorpus() }
    static var archives: [HostileArchive] { (try? made.get().archives) ?? [] }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hostile-archives-\(getpid())")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "outside"), withIntermediateDirectories: true)
        atexit {
            try? FileManager.default.removeItem(
                at: FileManager.default.temporaryDirectory.appending(path: "hostile-archives-\(getpid())"))
        }
        try Data("bait".utf8).write(to: folder.appending(path: "outside/bait"))
        let script = packageFolder.appending(path: "scripts/hostile-archives.py")
        let result = try run(
            URL(filePath: "/usr/bin/env"),
            ["python3", script.path, folder.path, folder.appending(path: "outside").path])
        if result.status != 0 { throw HarnessError("the hostile archives cannot be made: \(result.errors)") }
        let index = try Data(contentsOf: folder.appending(path: "index.json"))
        archives = try JSONDecoder().decode([HostileArchive].self, from: index)
    }
}

/// What a file is, from its type and rights to its last change of either; nothing can be done to it unseen.
struct FileRecord: Equatable, CustomStringConvertible {
    let path: String
    let mode: mode_t
    let owner: uid_t
    let links: UInt64
    let changed: [Int]
    let content: [UInt8]?
    var description: String { "\(path) \(String(mode, radix: 8))" }

    /// Everything below a folder, itself included, but nothing of what is below `except`.
    static func all(below folder: URL, except: String? = nil) throws -> [FileRecord] {
        var paths = [""]
        let names = FileManager.default.enumerator(atPath: folder.path)
        while let name = names?.nextObject() as? String {
            if let except, name == except || name.hasPrefix(except + "/") { continue }
            paths.append(name)
        }
        return try paths.sorted().map { try FileRecord(folder, $0) }
    }

    private init(_ folder: URL, _ path: String) throws {
        let place = path.isEmpty ? folder.path : folder.appending(path: path).path
        var status = stat()
        guard lstat(place, &status) == 0 else { throw HarnessError("\(place) cannot be looked at") }
        self.path = path
        (mode, owner, links) = (status.st_mode, status.st_uid, UInt64(status.st_nlink))
        changed = [
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
        let isFile = status.st_mode & S_IFMT == S_IFREG
        content = isFile ? Array(try Data(contentsOf: URL(filePath: place))) : nil
    }

    var isPlain: Bool {
        switch mode & S_IFMT {
        case S_IFREG: links == 1 && [0o644, 0o755].contains(mode & 0o7777)
        case S_IFDIR: mode & 0o7777 == 0o755
        default: false
        }
    }
}

@Suite("a hostile archive")
struct HostileArchiveTests {
    @Test("the corpus has every attack of the list, and good archives beside them")
    func corpus() throws {
        let archives = try HostileCorpus.made.get().archives
        let attacks = Set(archives.map(\.attack))
        #expect((1...50).map { "A\($0)" }.filter { !attacks.contains($0) } == [])
        #expect(archives.filter { $0.status == 0 }.count >= 4)
        #expect(archives.filter { $0.status != 0 }.allSatisfy { !$0.words.isEmpty })
    }

    @Test("is judged rightly and changes nothing outside of the folder", arguments: HostileCorpus.archives)
    func judged(_ archive: HostileArchive) throws {
        let corpus = try HostileCorpus.made.get()
        try withTemporaryFolder { place in
            let target = place.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            try FileManager.default.createDirectory(
                at: place.appending(path: "beside"), withIntermediateDirectories: false)
            for name in ["bait", "evil", "beside/bait"] { try Data("bait".utf8).write(to: place.appending(path: name)) }
            let before = try FileRecord.all(below: place, except: "into") + FileRecord.all(below: corpus.outside)
            let result = try run(
                builtProgram("aadc-unpack"),
                ["--document", corpus.folder.appending(path: archive.document).path, "--into", target.path],
                input: corpus.folder.appending(path: archive.file).path)
            #expect(result.status == archive.status, "\(result.errors)")
            for words in archive.words { #expect(result.errors.contains(words), "\(result.errors)") }
            #expect(result.errors.utf8.allSatisfy { $0 == 0x0A || 0x20..<0x7F ~= $0 })
            #expect(result.errors.split(separator: "\n").count == (archive.status == 0 ? 0 : 1))
            let after = try FileRecord.all(below: place, except: "into") + FileRecord.all(below: corpus.outside)
            #expect(after == before)
            // What was made before the refusal is harmless too.
            let made = try FileRecord.all(below: target)
            #expect(made.filter { !$0.isPlain || $0.owner != getuid() } == [])
            if archive.status == 0 { #expect(made.filter { $0.content != nil }.count == 6) }
        }
    }
}
