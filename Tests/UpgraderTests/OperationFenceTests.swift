import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct OperationFenceTests {
    /// A process that holds the operation lock, as a control command does, and has written `record` into it.
    private func withHolder(
        record: (ProcessIdentity) -> [UInt8], _ body: (ServerLayout, ProcessIdentity) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            try DurableFiles.makeFolders(layout.service, mode: 0o755)
            let script = #"exec 9>>"$1"; flock 9; : >"$2"; exec sleep 600"#
            let holder = try ChildProcess.startDetached(
                shell(script, [layout.operationLock, "\(folder.path)/held"]), log: "\(folder.path)/log")
            defer { _ = try? ChildProcess.stop(holder, graceSeconds: 0, clock: SystemClock()) }
            #expect(eventually { DurableFiles.exists("\(folder.path)/held") })
            // The lock's file is written in place: another file would be another lock.
            try Data(record(holder)).write(to: URL(filePath: layout.operationLock))
            #expect(try FileLock.isHeld(layout.operationLock))
            try body(layout, holder)
        }
    }

    private func record(_ process: ProcessIdentity) -> [UInt8] {
        OperationRecord(verb: "migrate", process: process).json.compact
    }

    @Test("Nobody holds the lock: nothing is waited for, nothing ended")
    func free() throws {
        try withTemporaryFolder { folder in
            let clock = TestClock()
            let ended = try OperationFence(layout: ServerLayout(root: folder.path), clock: clock).close()
            #expect(ended == nil)
            #expect(clock.monotonicMilliseconds() == 0)
        }
    }

    @Test("An operation of a dead run is killed and awaited, and named")
    func killed() throws {
        try withHolder(record: record) { layout, holder in
            let clock = SystemClock()
            var fence = OperationFence(layout: layout, clock: clock)
            fence.graceMilliseconds = 0
            let ended = try fence.close()
            #expect(ended == "migrate (process \(holder.pid))")
            #expect(!holder.isRunning)
            #expect(try !FileLock.isHeld(layout.operationLock))
        }
    }

    @Test("An operation that ends by itself within the grace is not killed")
    func grace() throws {
        try withHolder(record: record) { layout, holder in
            let clock = TestClock()
            var asked = false
            let ended = try OperationFence(layout: layout, clock: clock).close {
                // It is left alone until here; then it ends as it would by itself.
                #expect(asked || holder.isRunning)
                if !asked { asked = try ChildProcess.stop(holder, graceSeconds: 20, clock: SystemClock()) }
            }
            #expect(ended == nil)
            #expect(asked)
            #expect(clock.monotonicMilliseconds() < 2000)
        }
    }

    @Test(
        "A holder that nobody can name is not killed; the waiting ends with what to do", arguments: ["", "{}", "other"])
    func unnamed(_ text: String) throws {
        let record: (ProcessIdentity) -> [UInt8] = { holder in
            // A process with the same number and another start is somebody else.
            let stranger = ProcessIdentity(pid: holder.pid, startTime: holder.startTime - 1, bootId: holder.bootId)
            return text == "other" ? self.record(stranger) : Array(text.utf8)
        }
        try withHolder(record: record) { layout, holder in
            #expect {
                try OperationFence(layout: layout, clock: TestClock()).close()
            } throws: {
                let failure = $0 as? StepFailure
                return failure?.reason == "OperationStillRunning"
                    && failure?.message.contains("fuser \(layout.operationLock)") == true
            }
            #expect(holder.isRunning)
        }
    }
}
