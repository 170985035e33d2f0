import Foundation
import LinuxHost
import TestSupport
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func names(_ folder: String) throws -> [String] { try DurableFiles.list(folder) ?? [] }

struct DurableFilesTests {
    @Test("A replaced file has the new content and nothing is left beside it")
    func replace() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder.path)/a"
            try DurableFiles.replace(file, bytes("old"))
            try DurableFiles.replace(file, bytes("new"))
            #expect(try DurableFiles.read(file) == bytes("new"))
            #expect(try names(folder.path) == ["a"])
        }
    }

    @Test("A file that could not be replaced is as it was, and nothing is left beside it")
    func replaceFails() throws {
        try withTemporaryFolder { folder in
            // A folder cannot be replaced by a file.
            let target = "\(folder.path)/a"
            try DurableFiles.makeFolders("\(target)/inner", mode: 0o755)
            #expect(throws: HostError.self) { try DurableFiles.replace(target, bytes("new")) }
            #expect(throws: HostError.self) { try DurableFiles.replaceLink(target, target: "b") }
            #expect(try names(folder.path) == ["a"])
            #expect(try names(target) == ["inner"])
        }
    }

    @Test("A file in a folder that is not there is refused with its name")
    func noFolder() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder.path)/missing/a"
            do {
                try DurableFiles.replace(file, [])
                Issue.record("was written")
            } catch let error as HostError {
                #expect(error.isMissing)
                #expect(error.description.hasPrefix(file))
                #expect(error.description.contains("cannot open: No such file or directory"))
            }
        }
    }

    @Test(
        "Modes are as asked for, whatever the process's mask says",
        arguments: [0o600, 0o640, 0o644, 0o755, 0o777] as [mode_t])
    func modes(_ mode: mode_t) throws {
        try withTemporaryFolder { folder in
            let (file, inner) = ("\(folder.path)/a", "\(folder.path)/x/y")
            try DurableFiles.replace(file, [], mode: mode)
            try DurableFiles.makeFolders(inner, mode: mode)
            #expect(try DurableFiles.mode(file) == Int(mode))
            #expect(try DurableFiles.mode(inner) == Int(mode))
        }
    }

    @Test("A link at the end of a path is replaced, never followed")
    func linkIsReplaced() throws {
        try withTemporaryFolder { folder in
            let (link, victim) = ("\(folder.path)/link", "\(folder.path)/victim")
            try DurableFiles.replace(victim, bytes("untouched"))
            try DurableFiles.replaceLink(link, target: "victim")
            #expect(throws: HostError.self) { try DurableFiles.read(link) }
            #expect(throws: HostError.self) { try DurableFiles.copyFile(link, "\(folder.path)/copy") }
            try DurableFiles.replace(link, bytes("new"))
            #expect(try DurableFiles.kind(link) == .file(bytes: 3))
            #expect(try DurableFiles.read(victim) == bytes("untouched"))
        }
    }

    @Test("A link that lies in wait under the temporary name is not followed")
    func linkUnderTemporaryName() throws {
        try withTemporaryFolder { folder in
            let (file, victim) = ("\(folder.path)/a", "\(folder.path)/victim")
            try DurableFiles.replace(victim, bytes("untouched"))
            try DurableFiles.replaceLink("\(file).\(getpid()).new", target: "victim")
            try DurableFiles.replace(file, bytes("new"))
            #expect(try DurableFiles.read(victim) == bytes("untouched"))
            #expect(try DurableFiles.read(file) == bytes("new"))
        }
    }

    @Test("A link is pointed elsewhere in one step")
    func replaceLink() throws {
        try withTemporaryFolder { folder in
            let link = "\(folder.path)/current"
            #expect(try DurableFiles.linkTarget(link) == nil)
            try DurableFiles.replaceLink(link, target: "gen/1")
            try DurableFiles.replaceLink(link, target: "gen/2")
            #expect(try DurableFiles.linkTarget(link) == "gen/2")
            #expect(try names(folder.path) == ["current"])
        }
    }

    @Test("Renaming to a new name refuses a name that is taken")
    func renameNew() throws {
        try withTemporaryFolder { folder in
            let (one, two) = ("\(folder.path)/one", "\(folder.path)/two")
            try DurableFiles.replace(one, bytes("1"))
            try DurableFiles.replace(two, bytes("2"))
            do {
                try DurableFiles.renameNew(one, two)
                Issue.record("was renamed")
            } catch let error as HostError {
                #expect(error == HostError("rename to \(two)", one, EEXIST))
            }
            #expect(try DurableFiles.read(two) == bytes("2"))
            try DurableFiles.renameNew(one, "\(folder.path)/three")
            #expect(try names(folder.path) == ["three", "two"])
        }
    }

    @Test("What is not there is nothing, and no error")
    func nothing() throws {
        try withTemporaryFolder { folder in
            let missing = "\(folder.path)/a/b"
            #expect(try DurableFiles.kind(missing) == nil)
            #expect(try DurableFiles.read(missing) == nil)
            #expect(try DurableFiles.list(missing) == nil)
            #expect(try DurableFiles.linkTarget(missing) == nil)
            #expect(try DurableFiles.mode(missing) == nil)
            #expect(!DurableFiles.exists(missing))
            try DurableFiles.remove(missing)
            try DurableFiles.removeTree(missing)
        }
    }

    @Test("A file that is larger than the reader allows is refused")
    func readLimit() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder.path)/a"
            try DurableFiles.replace(file, bytes("12345"))
            #expect(try DurableFiles.read(file, limit: 5) == bytes("12345"))
            #expect(throws: HostError("read more than 4 bytes", file, EFBIG)) {
                try DurableFiles.read(file, limit: 4)
            }
        }
    }

    @Test("Names in a folder come in the order of their bytes")
    func listOrder() throws {
        try withTemporaryFolder { folder in
            let sorted = ["10", "9", "B", "a", "e\u{301}", "f", "\u{E9}"]
            for name in sorted.reversed() { try DurableFiles.replace("\(folder.path)/\(name)", []) }
            #expect(try names(folder.path).map { Array($0.utf8) } == sorted.map { Array($0.utf8) })
        }
    }
}

struct DurableTreeTests {
    /// Makes `tree/` with a file, an executable and a folder in a folder.
    private func makeTree(_ folder: URL) throws -> String {
        let tree = "\(folder.path)/tree"
        try DurableFiles.makeFolders("\(tree)/bin/inner", mode: 0o755)
        try DurableFiles.replace("\(tree)/release.json", bytes("{}"), mode: 0o644)
        try DurableFiles.replace("\(tree)/bin/service", bytes("#!"), mode: 0o755)
        try DurableFiles.replace("\(tree)/bin/inner/data", bytes("12345"), mode: 0o600)
        return tree
    }

    @Test("A copied tree has the same content and modes")
    func copyTree() throws {
        try withTemporaryFolder { folder in
            let (tree, copy) = (try makeTree(folder), "\(folder.path)/copy")
            try DurableFiles.makeReadOnly("\(tree)/bin")
            #expect(try DurableFiles.copyTree(tree, copy) == 9)
            #expect(try DurableFiles.read("\(copy)/bin/inner/data") == bytes("12345"))
            for path in ["", "/bin", "/bin/service", "/bin/inner", "/bin/inner/data", "/release.json"] {
                #expect(try DurableFiles.mode(copy + path) == DurableFiles.mode(tree + path), "\(path)")
            }
        }
    }

    @Test("A tree with a link or a pipe in it is not copied", arguments: ["link", "pipe"])
    func copyRefuses(_ what: String) throws {
        try withTemporaryFolder { folder in
            let tree = try makeTree(folder)
            let stranger = "\(tree)/bin/stranger"
            if what == "link" { try DurableFiles.replaceLink(stranger, target: "service") }
            if what == "pipe" { #expect(mkfifo(stranger, 0o600) == 0) }
            #expect(throws: HostError("copy what is neither file nor folder", stranger, EINVAL)) {
                try DurableFiles.copyTree(tree, "\(folder.path)/copy")
            }
        }
    }

    @Test("Nothing is copied over what is there")
    func copyOverwritesNothing() throws {
        try withTemporaryFolder { folder in
            let tree = try makeTree(folder)
            #expect(throws: HostError.self) { try DurableFiles.copyTree(tree, "\(tree)/bin") }
            #expect(throws: HostError.self) {
                try DurableFiles.copyFile("\(tree)/release.json", "\(tree)/bin/service")
            }
            #expect(try DurableFiles.read("\(tree)/bin/service") == bytes("#!"))
        }
    }

    @Test("A read-only tree loses every right to write, links aside")
    func makeReadOnly() throws {
        try withTemporaryFolder { folder in
            let tree = try makeTree(folder)
            try DurableFiles.replace("\(folder.path)/outside", [], mode: 0o666)
            try DurableFiles.replaceLink("\(tree)/link", target: "../outside")
            try DurableFiles.makeReadOnly(tree)
            #expect(try DurableFiles.mode(tree) == 0o555)
            #expect(try DurableFiles.mode("\(tree)/bin/service") == 0o555)
            #expect(try DurableFiles.mode("\(tree)/bin/inner/data") == 0o400)
            #expect(try DurableFiles.mode("\(folder.path)/outside") == 0o666)
        }
    }

    @Test("A read-only tree is removed whole, what its links point to is not")
    func removeTree() throws {
        try withTemporaryFolder { folder in
            let tree = try makeTree(folder)
            let outside = "\(folder.path)/outside"
            try DurableFiles.makeFolders(outside, mode: 0o755)
            try DurableFiles.replace("\(outside)/kept", [])
            try DurableFiles.replaceLink("\(tree)/link", target: "../outside")
            try DurableFiles.makeReadOnly(tree)
            try DurableFiles.removeTree(tree)
            #expect(try names(folder.path) == ["outside"])
            #expect(try names(outside) == ["kept"])
        }
    }

    @Test("Removing what a link points to removes the link only")
    func removeLink() throws {
        try withTemporaryFolder { folder in
            let tree = try makeTree(folder)
            try DurableFiles.replaceLink("\(folder.path)/link", target: "tree")
            try DurableFiles.removeTree("\(folder.path)/link")
            #expect(try names(folder.path) == ["tree"])
            #expect(DurableFiles.exists("\(tree)/bin/inner/data"))
        }
    }
}
