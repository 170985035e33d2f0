import Documents
import Foundation
import LinuxHost
import TestSupport
import Testing

struct ChildProcessTests {
    private let clock = SystemClock()

    private func run(_ script: String, _ arguments: [String] = [], outputLimit: Int = 1 << 20) throws -> Completion {
        try ChildProcess.run(shell(script, arguments), timeoutSeconds: 60, outputLimit: outputLimit, clock: clock)
    }

    private func number(_ path: String) throws -> Int? {
        try DurableFiles.read(path).flatMap {
            Int(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    @Test("Output and diagnostics are kept apart, and the exit status is told", arguments: [0, 1, 75, 255])
    func output(_ status: Int) throws {
        let completion = try run("echo out; echo err >&2; exit \(status)")
        #expect(completion.end == .exited(status))
        #expect(String(decoding: completion.output, as: UTF8.self) == "out\n")
        #expect(completion.diagnostics == "err\n")
        #expect(!completion.outputWasCut)
    }

    @Test("A child that dies of a signal has no exit status", arguments: [SIGTERM, SIGKILL, SIGSEGV])
    func signal(_ number: Int32) throws {
        #expect(try run("kill -\(number) $$").end == .signalled(Int(number)))
    }

    @Test("A talkative child is not stopped by a full pipe, and only as much is kept as was allowed")
    func talkative() throws {
        let completion = try run("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 7", outputLimit: 1000)
        #expect(completion.end == .exited(7))
        #expect(completion.output.count == 1000)
        #expect(completion.outputWasCut)
        #expect(completion.diagnostics.utf8.count == 4096)
    }

    @Test("The environment is the one that the contract names, the folder is / and the input empty")
    func clean() throws {
        let completion = try ChildProcess.run(
            Invocation(program: "/usr/bin/env", arguments: ["-0"]), timeoutSeconds: 60, clock: clock)
        let settings = completion.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        #expect(settings.sorted() == Invocation.cleanEnvironment.map { "\($0.key)=\($0.value)" }.sorted())
        #expect(Invocation.cleanEnvironment.keys.sorted() == ["HOME", "LANG", "PATH", "TZ"])
        #expect(String(decoding: try run("pwd; cat").output, as: UTF8.self) == "/\n")
    }

    @Test("Arguments arrive as they are")
    func arguments() throws {
        let words = ["", " ", "a b", "$HOME", "'\"", "é\n"]
        let completion = try run("printf '%s\\0' \"$@\"", words)
        let arrived = completion.output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(arrived.map { String(decoding: $0, as: UTF8.self) } == words)
    }

    @Test("Signals that the caller ignores are not ignored by the child")
    func signalsAreDefault() throws {
        let before = Glibc.signal(SIGUSR2, SIG_IGN)
        defer { Glibc.signal(SIGUSR2, before) }
        let status = try run("sed -nE 's/^Sig(Blk|Ign):[[:space:]]*//p' /proc/self/status")
        let masks = String(decoding: status.output, as: UTF8.self).split(separator: "\n").compactMap {
            UInt64($0, radix: 16)
        }
        #expect(masks.count == 2)
        // Above 31 are the C library's own and the real-time signals.
        #expect(masks.allSatisfy { $0 & 0x7FFF_FFFF == 0 })
    }

    @Test("A program that is not there is an error with its name")
    func missing() throws {
        #expect(throws: HostError("start", "/nowhere/program", ENOENT)) {
            try ChildProcess.run(Invocation(program: "/nowhere/program"), timeoutSeconds: 1, clock: clock)
        }
    }

    @Test("At the time limit the child is killed, and its own child with it")
    func timeOut() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder.path)/pid"
            let script = "sleep 600 & echo $! >\"$1.new\"; mv \"$1.new\" \"$1\"; trap '' TERM; wait; sleep 600"
            let owned = TestClock()
            var grandchild: ProcessIdentity?
            // The clock moves on when there is a grandchild to be killed.
            let tick = {
                guard grandchild == nil, let pid = try number(file) else { return }
                grandchild = try ProcessIdentity.of(pid: pid)
                owned.advance(seconds: 31)
            }
            let completion = try ChildProcess.run(
                shell(script, [file]), timeoutSeconds: 30, clock: owned, tick: tick)
            #expect(completion.end == .timedOut(seconds: 30))
            let killed = try #require(grandchild)
            #expect(eventually { !killed.isRunning })
        }
    }

    @Test("A child whose caller gives up is killed")
    func callerThrows() throws {
        var child: ProcessIdentity?
        #expect(throws: CancellationError.self) {
            try ChildProcess.run(
                shell("sleep 600"), timeoutSeconds: 600, clock: clock, started: { child = $0 },
                tick: { throw CancellationError() })
        }
        #expect(try #require(child).isRunning == false)
    }

    @Test("What a child leaves behind is not waited for")
    func leftBehind() throws {
        let completion = try run("sleep 600 & echo $!")
        #expect(completion.end == .exited(0))
        let pid = try #require(
            Int(String(decoding: completion.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
        let left = try ProcessIdentity.of(pid: pid)
        #expect(left.isRunning)
        #expect(try left.signal(SIGKILL))
    }

    @Test("A detached process has a session of its own, writes into its log and can be stopped")
    func detached() throws {
        try withTemporaryFolder { folder in
            let log = "\(folder.path)/log"
            try DurableFiles.replace(log, Array("before\n".utf8))
            // Of the caller's descriptors it has none; the fourth is the one with which ls reads the folder.
            let script = "ls /proc/self/fd | wc -l; echo err >&2; exec sleep 600"
            let child = try ChildProcess.startDetached(shell(script), log: log)
            #expect(eventually { (try? DurableFiles.read(log)) == Array("before\n4\nerr\n".utf8) })
            #expect(getsid(pid_t(child.pid)) == pid_t(child.pid))
            #expect(getpgid(pid_t(child.pid)) != getpgrp())
            #expect(try ChildProcess.stop(child, graceSeconds: 30, clock: clock))
            #expect(!child.isRunning)
        }
    }

    @Test("Who ignores the request to end is killed when the grace is over, and not before")
    func stubborn() throws {
        try withTemporaryFolder { folder in
            let log = "\(folder.path)/log"
            let script = "trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done"
            let child = try ChildProcess.startDetached(shell(script), log: log)
            #expect(eventually { (try? DurableFiles.read(log)) == Array("ready\n".utf8) })
            let owned = TestClock()
            var ticks = 0
            let ended = try ChildProcess.stop(child, graceSeconds: 30, clock: owned) {
                ticks += 1
                // Alive throughout the grace, however often it was asked.
                if ticks == 1 {
                    let heard = eventually { (try? DurableFiles.read(log)) == Array("ready\nasked\n".utf8) }
                    #expect(heard)
                    #expect(child.isRunning)
                    owned.advance(seconds: 30)
                }
            }
            #expect(ended)
            #expect(ticks == 1)
            #expect(!child.isRunning)
        }
    }

    @Test("Stopping one process leaves the other children of the caller alone")
    func stopCollectsOnlyItsOwn() throws {
        try withTemporaryFolder { folder in
            let other = try ChildProcess.startDetached(shell("exit 3"), log: "\(folder.path)/other")
            #expect(eventually { !other.isRunning })
            let child = try ChildProcess.startDetached(shell("exec sleep 600"), log: "\(folder.path)/log")
            #expect(try ChildProcess.stop(child, graceSeconds: 30, clock: clock))
            var status: Int32 = 0
            #expect(waitpid(pid_t(other.pid), &status, 0) == pid_t(other.pid))
            #expect((status >> 8) & 0xFF == 3)
        }
    }

    @Test("Stopping what has ended already is done at once")
    func stopTwice() throws {
        let gone = ProcessIdentity(pid: 1, startTime: 1, bootId: "another boot")
        #expect(try ChildProcess.stop(gone, graceSeconds: 0, clock: TestClock()))
    }
}
