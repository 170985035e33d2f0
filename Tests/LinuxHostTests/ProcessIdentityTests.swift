import Documents
import Foundation
import LinuxHost
import TestSupport
import Testing

struct ProcessIdentityTests {
    @Test("This process runs")
    func current() throws {
        let me = try ProcessIdentity.current()
        #expect(me.pid == Int(getpid()))
        #expect(me.bootId == (try Boot.id()))
        #expect(me.isRunning)
        // Signal 0 only asks.
        #expect(try me.signal(0))
    }

    @Test("A number that was used again, or one of another boot, is another process")
    func another() throws {
        let me = try ProcessIdentity.current()
        let earlier = ProcessIdentity(pid: me.pid, startTime: me.startTime - 1, bootId: me.bootId)
        let otherBoot = ProcessIdentity(pid: me.pid, startTime: me.startTime, bootId: "another boot")
        for stranger in [earlier, otherBoot] {
            #expect(!stranger.isRunning)
            // Were the signal sent, this test would end here.
            #expect(try !stranger.signal(SIGKILL))
        }
    }

    @Test("A zombie has ended")
    func zombie() throws {
        try withTemporaryFolder { folder in
            let child = try ChildProcess.startDetached(shell("exit 0"), log: "/dev/null")
            #expect(eventually { !child.isRunning })
            // Nobody has collected it: its number is still taken.
            #expect(kill(pid_t(child.pid), 0) == 0)
            #expect(try !child.signal(SIGKILL))
            #expect(waitpid(pid_t(child.pid), nil, 0) == pid_t(child.pid))
            #expect(!child.isRunning)
            #expect(try !child.signal(SIGKILL))
            #expect(throws: HostError("find the process", "/proc/\(child.pid)", ESRCH)) {
                try ProcessIdentity.of(pid: child.pid)
            }
        }
    }

    @Test("A process's name with spaces and parentheses does not disturb the reading of its identity")
    func strangeName() throws {
        try withTemporaryFolder { folder in
            let program = "\(folder.path)/a ) Z 1 (b"
            try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: program)
            let child = try ChildProcess.startDetached(
                Invocation(program: program, arguments: ["60"]), log: "\(folder.path)/out")
            #expect(child.isRunning)
            #expect(try ProcessIdentity.of(pid: child.pid) == child)
            #expect(try ChildProcess.stop(child, graceSeconds: 10, clock: SystemClock()))
        }
    }

    @Test("Waiting for an end gives up when the time is up")
    func awaitEnd() throws {
        let clock = TestClock()
        #expect(try !ProcessIdentity.current().awaitEnd(milliseconds: 1000, host: clock))
        #expect(clock.monotonicMilliseconds() > 1000)
        let gone = ProcessIdentity(pid: 1, startTime: 0, bootId: "another boot")
        #expect(gone.awaitEnd(milliseconds: 0, host: clock))
    }
}
