import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ReleaseTools
import TestSupport
import Testing
import Transfer
import VersionCatalog

@Suite("an unpacked release")
struct ReleaseTreeTests {
    /// A release unpacked by `tar`, its manifest and the bytes of its document.
    private func withTree(_ body: (URL, ReleaseManifest, [UInt8]) throws -> Void) throws {
        try withTemporaryFolder { place in
            let release = try SmallRelease(below: place)
            let built = try ReleaseBuilder.build(
                folder: release.folder.path, recipe: release.recipe.path, output: place.path)
            let tree = place.appending(path: "tree")
            try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: false)
            let unpacked = try run(
                URL(filePath: "/usr/bin/tar"), ["--zstd", "-xpf", built.archivePath, "-C", tree.path])
            try #require(unpacked.status == 0)
            try body(tree, built.manifest, Array(try Data(contentsOf: URL(filePath: built.documentPath))))
        }
    }

    @Test("is what its document says")
    func equal() throws {
        try withTree { tree, manifest, document in
            try ReleaseTree.verify(tree.path, manifest, document: document)
        }
    }

    @Test(
        "is told from one that differs in a single thing",
        arguments: [
            ("content", "payload", "SHA-256"), ("size", "payload", "bytes; expected"),
            ("mode", "bin/service", "mode 0644"),
            ("setuid", "bin/service", "mode 04755"), ("folder mode", "rules", "mode 0777"),
            ("missing", "payload", "missing"),
            ("extra file", "bin/extra", "does not have"), ("extra folder", "extra", "does not have"),
            ("link", "payload", "neither"), ("link to folder", "rules", "neither"),
            ("document", "release.json", "published document"), ("no document", "release.json", "missing"),
        ])
    func differs(what: String, path: String, words: String) throws {
        try withTree { tree, manifest, document in
            let files = FileManager.default
            let place = tree.appending(path: path)
            switch what {
            case "content": try Data("Payload".utf8).write(to: place)
            case "size": try Data("payload+".utf8).write(to: place)
            case "mode": try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: place.path)
            case "setuid": try files.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: place.path)
            case "folder mode": try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: place.path)
            case "missing", "no document": try files.removeItem(at: place)
            case "extra file": try Data().write(to: place)
            case "extra folder": try files.createDirectory(at: place, withIntermediateDirectories: false)
            case "document": try Data(document + [0x20]).write(to: place)
            default:
                let away = tree.deletingLastPathComponent().appending(path: "away")
                try files.moveItem(at: place, to: away)
                try files.createSymbolicLink(at: place, withDestinationURL: away)
            }
            let error = #expect(throws: ReleaseTreeError.self) {
                try ReleaseTree.verify(tree.path, manifest, document: document)
            }
            #expect(error?.description.hasPrefix("\(tree.path)/\(path): ") == true, "\(error?.description ?? "")")
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }

    /// Damage of every kind, each at a path of its own, in the byte order of the paths. The folder's name is before the
    /// file's in its folder, but after it in the order of whole paths.
    static let damages = ["bin-extra", "bin/service", "payload", "release-extra/", "rules/ä.xml"]

    @Test("names the first of several differences in byte order, whatever their kind", arguments: damages.indices)
    func first(from index: Int) throws {
        try withTree { tree, manifest, document in
            let files = FileManager.default
            for path in Self.damages[index...].reversed() {
                let place = tree.appending(path: path)
                switch path {
                case "bin-extra": try Data().write(to: place)
                case "bin/service": try damage(place)
                case "payload": try files.removeItem(at: place)
                case "release-extra/": try files.createDirectory(at: place, withIntermediateDirectories: false)
                default: try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.path)
                }
            }
            let error = #expect(throws: ReleaseTreeError.self) {
                try ReleaseTree.verify(tree.path, manifest, document: document)
            }
            let name = Self.damages[index].split(separator: "/").joined(separator: "/")
            #expect(error?.description.hasPrefix("\(tree.path)/\(name): ") == true, "\(error?.description ?? "")")
        }
    }

    @Test("names the first of two damaged files every time")
    func damagedTwice() throws {
        try withTree { tree, manifest, document in
            for path in ["payload", "bin/service"] { try damage(tree.appending(path: path)) }
            for _ in 0..<50 {
                let error = #expect(throws: ReleaseTreeError.self) {
                    try ReleaseTree.verify(tree.path, manifest, document: document)
                }
                #expect(error?.description.hasPrefix("\(tree.path)/bin/service: has the SHA-256") == true)
            }
        }
    }

    /// Other bytes, as many as before.
    private func damage(_ file: URL) throws {
        let content = try Data(contentsOf: file)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.write(contentsOf: Data(content.map { $0 ^ 1 }))
    }
}
