import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

@Suite("the console's lock")
struct ConsoleLockTests {
    private static let now = WallTime(seconds: 1_767_225_600)

    /// A process that waits until it is asked to end, and what the lock says of it.
    private func withConsole(
        openSeconds: Int, change: (ProcessIdentity) -> ProcessIdentity = { $0 },
        _ body: (ServerLayout, pid_t) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            let log = folder.appending(path: "log")
            // Lives until somebody ends it, as a console does.
            let pid = try start(URL(filePath: "/usr/bin/tail"), ["-f", "/dev/null"], output: log, errors: log)
            defer {
                kill(pid, SIGKILL)
                _ = try? awaitEnd(pid, milliseconds: 10_000)
            }
            let record = ConsoleRecord(
                process: change(try ProcessIdentity.of(pid: Int(pid))), since: Self.now + -openSeconds, user: "anna")
            try DurableFiles.makeFolders(layout.service)
            try DurableFiles.replace(layout.consoleLock, record.json.compact)
            try body(layout, pid)
        }
    }

    @Test(
        "A console is left open from six hours on",
        arguments: [(0, false), (6 * 3600 - 1, false), (6 * 3600, true), (-60, false)])
    func patience(_ seconds: Int, _ isLeftOpen: Bool) throws {
        try withConsole(openSeconds: seconds) { layout, _ in
            let console = try #require(try ConsoleLock(layout))
            #expect(console.record.user == "anna")
            #expect(console.secondsOpen(now: Self.now) == max(0, seconds))
            #expect(console.wasLeftOpen(now: Self.now) == isLeftOpen)
        }
    }

    @Test("It ends when it is asked to, and is asked once")
    func asked() throws {
        try withConsole(openSeconds: 7 * 3600) { layout, pid in
            let console = try #require(try ConsoleLock(layout))
            #expect(try console.askToLeave())
            #expect(try awaitEnd(pid, milliseconds: 10_000) == 128 + Int(SIGTERM))
            #expect(try !console.askToLeave())
            #expect(try ConsoleLock(layout) == nil)
        }
    }

    @Test("The lock of another process with this number, or of another boot, is none", arguments: ["start", "boot"])
    func others(_ what: String) throws {
        try withConsole(openSeconds: 7 * 3600) { process in
            what == "start"
                ? ProcessIdentity(pid: process.pid, startTime: process.startTime - 1, bootId: process.bootId)
                : ProcessIdentity(pid: process.pid, startTime: process.startTime, bootId: "another")
        } _: { layout, pid in
            #expect(try ConsoleLock(layout) == nil)
            let record = try ConsoleRecord(bytes: try #require(try DurableFiles.read(layout.consoleLock)), file: "lock")
            #expect(try !record.process.signal(SIGTERM))
            #expect(kill(pid, 0) == 0)
        }
    }

    @Test("Without a lock, or with an empty one, none is open, and a damaged one is an error that names it")
    func noConsole() throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            #expect(try ConsoleLock(layout) == nil)
            try DurableFiles.makeFolders(layout.service)
            try DurableFiles.replace(layout.consoleLock, [])
            #expect(try ConsoleLock(layout) == nil)
            try DurableFiles.replace(layout.consoleLock, Array("{}".utf8))
            let error = #expect(throws: DocumentError.self) { try ConsoleLock(layout) }
            #expect(error?.file == layout.consoleLock)
        }
    }
}
