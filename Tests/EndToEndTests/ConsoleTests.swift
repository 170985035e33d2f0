import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The management console of adsync")
struct ConsoleTests {
    /// A console whose input is a pipe that stays open.
    private struct Console {
        let pid: pid_t
        let input: URL
        let output: URL
        let errors: URL

        init(_ server: AdsyncServer) throws {
            input = server.folder.appending(path: "console.in")
            output = server.folder.appending(path: "console.out")
            errors = server.folder.appending(path: "console.err")
            if mkfifo(input.path, 0o600) != 0 { throw HarnessError("no pipe at \(input.path)") }
            pid = try start(
                server.program, ["console", "--root", server.root.path], input: input.path, output: output,
                errors: errors)
            let lock = server.service.appending(path: "console.lock")
            let isOpen = eventually { ((try? Data(contentsOf: lock)) ?? Data()).isEmpty == false }
            if !isOpen { throw HarnessError("the console did not open: \(text(errors))") }
        }

        func type(_ lines: String...) throws {
            let file = try FileHandle(forWritingTo: input)
            try file.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
            try file.close()
        }

        func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
    }

    @Test("answers what is typed, keeps upgrades away while it is open, and lets them in when it is closed")
    func session() throws {
        try withAdsyncServer { server in
            try server.offer([.good])
            let console = try Console(server)
            defer { kill(console.pid, SIGKILL) }
            try console.type("status", "  preview   nobody@nowhere.example ", "nonsense", "help")
            #expect(eventually { console.text(console.output).contains("closes the console") })
            #expect(console.text(console.output).contains("generation: 1"))
            #expect(console.text(console.errors).contains("nonsense: there is no such command"))
            #expect(console.text(console.errors).contains("nobody@nowhere.example"))

            #expect(try server.adsync("facts")["consoleOpen"] as? Bool == true)
            let second = try run(server.program, ["console", "--root", server.root.path])
            #expect(second.status == 75 && second.errors.contains("process \(console.pid) of "), "\(second.errors)")
            let blocked = try server.upgrade(["run"])
            let words = blocked.output + blocked.errors
            #expect(blocked.status == 75 && words.contains("UpgradeAbortedSyncExeInUse"), "\(words)")

            try console.type("quit")
            #expect(try awaitEnd(console.pid, milliseconds: 20_000) == 0)
            #expect(try server.adsync("facts")["consoleOpen"] as? Bool == false)
            let open = try server.upgrade(["run", "--wait"])
            #expect(open.status == 0 && server.result() == "Success", "\(open.output)\(open.errors)")
        }
    }

    @Test(
        "is asked to end by a run after six hours, and says why", arguments: [6 * 3600 + 60, 6 * 3600 - 3600])
    func leaving(_ secondsAgo: Int) throws {
        try withAdsyncServer { server in
            try server.offer([.good])
            let console = try Console(server)
            defer { kill(console.pid, SIGKILL) }
            let lock = server.service.appending(path: "console.lock")
            // As if it had been opened so long ago; the process is the real one.
            let since = Date(timeIntervalSinceNow: -Double(secondsAgo)).formatted(.iso8601)
            let text = try String(contentsOf: lock, encoding: .utf8)
            let old = text.replacing(#/"since":"[^"]*"/#, with: #""since":"\#(since)""#)
            let file = try FileHandle(forWritingTo: lock)
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data(old.utf8))
            try file.close()

            let run = try server.upgrade(["run"])
            if secondsAgo < 6 * 3600 {
                #expect(run.status == 75, "\(run.output)\(run.errors)")
                #expect(kill(console.pid, 0) == 0)
                #expect(console.text(console.errors).isEmpty)
            } else {
                #expect(run.status == 0, "\(run.output)\(run.errors)")
                #expect(try awaitEnd(console.pid, milliseconds: 20_000) == 0)
                #expect(console.text(console.errors).contains("asked to end"))
                #expect(try Data(contentsOf: lock).isEmpty)
            }
        }
    }

    @Test("ends at the end of its input")
    func endOfInput() throws {
        try withAdsyncServer(started: false) { server in
            let result = try run(server.program, ["console", "--root", server.root.path])
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        }
    }
}
