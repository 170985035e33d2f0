import Foundation
import Glibc
import LinuxHost
import TestSupport
import Testing

@Suite("A program that is fed")
struct ChildProcessFeedTests {
    private func feed(
        _ script: String, _ arguments: [String] = [], file: String = "given", stallSeconds: Int = 60
    ) throws -> ChildProcessFeed {
        try ChildProcessFeed(
            Invocation(program: "/bin/sh", arguments: ["-c", script, "sh"] + arguments), file: Array(file.utf8),
            stallSeconds: stallSeconds, clock: SystemClock())
    }

    private func take(_ feed: ChildProcessFeed, _ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { feed.take($0) } }

    @Test("gets every byte in order, and the file as /dev/fd/3")
    func bytes() throws {
        try withTemporaryFolder { folder in
            let copy = folder.appending(path: "copy").path
            let child = try feed("cat /dev/fd/3 - >\"$1\"", [copy])
            let pieces = (0..<40).map { number in (0..<100_003).map { UInt8(truncatingIfNeeded: $0 * 7 + number) } }
            for piece in pieces { #expect(take(child, piece)) }
            #expect(try child.finish(timeoutSeconds: 60).end == .exited(0))
            #expect(try Data(contentsOf: URL(filePath: copy)) == Data("given".utf8) + Data(pieces.joined()))
        }
    }

    @Test("gets a file that it cannot change, and no descriptor beside")
    func descriptors() throws {
        let child = try feed("echo x 2>/dev/null 1<>/dev/fd/3 && exit 9; [ ! -e /dev/fd/4 ]")
        #expect(try child.finish(timeoutSeconds: 60).end == .exited(0))
    }

    @Test("that ends by itself is noticed, and its words and status are told")
    func endsEarly() throws {
        let child = try feed("echo enough >&2; exit 65")
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        var rounds = 0
        // No signal of the broken pipe reaches this process, or the test would not go on.
        while take(child, piece), rounds < 1000 { rounds += 1 }
        #expect(rounds < 1000)
        let completion = try child.finish(timeoutSeconds: 60)
        #expect(completion.end == .exited(65))
        #expect(completion.diagnostics == "enough\n")
    }

    @Test("is not held up by what it says while it is fed")
    func talkative() throws {
        let child = try feed("head -c 3000000 /dev/zero >&2; cat >/dev/null")
        #expect(take(child, [UInt8](repeating: 1, count: 3 << 20)))
        #expect(try child.finish(timeoutSeconds: 60).end == .exited(0))
    }

    @Test("that takes nothing is killed, with everything that it started")
    func stalls() throws {
        let child = try feed("sleep 1000 & wait", stallSeconds: 0)
        #expect(!take(child, [UInt8](repeating: 1, count: 8 << 20)))
        #expect(try child.finish(timeoutSeconds: 60).end == .timedOut(seconds: 0))
        #expect(!take(child, [1]))
    }

    @Test("that does not end after its input is killed")
    func neverEnds() throws {
        let child = try feed("cat >/dev/null; exec sleep 1000")
        #expect(take(child, [1]))
        #expect(try child.finish(timeoutSeconds: 0).end == .timedOut(seconds: 0))
    }

    @Test("is gone when it was cancelled or forgotten", arguments: [true, false])
    func cancelled(byWord: Bool) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "pid")
            let script = "echo $$ >\"$1.new\" && mv \"$1.new\" \"$1\"; exec sleep 1000"
            var child: ChildProcessFeed? = try feed(script, [file.path])
            #expect(eventually { FileManager.default.fileExists(atPath: file.path) })
            if byWord { child?.cancel() } else { child = nil }
            let text = try String(contentsOf: file, encoding: .utf8)
            let pid = try #require(pid_t(text.trimmingCharacters(in: .newlines)))
            #expect(kill(pid, 0) == -1 && errno == ESRCH)
            withExtendedLifetime(child) {}
        }
    }

    @Test("that is not there is said")
    func missing() {
        #expect(throws: HostError.self) {
            _ = try ChildProcessFeed(
                Invocation(program: "/nowhere/program"), file: [], stallSeconds: 1, clock: SystemClock())
        }
    }
}
