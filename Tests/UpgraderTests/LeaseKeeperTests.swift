import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct LeaseKeeperTests {
    private let clock = TestClock()
    private let good = PauseLease.KnownGood(generation: 3, serve: ["/bin/serve"], resume: ["/bin/resume"], unit: nil)

    /// A server's folders and a keeper of 900 seconds without a rescuer.
    private func withServer(_ body: (ServerLayout, LeaseKeeper) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            try DurableFiles.makeFolders(layout.service, mode: 0o755)
            try body(layout, keeper(layout))
        }
    }

    private func keeper(_ layout: ServerLayout) -> LeaseKeeper {
        LeaseKeeper(layout: layout, clock: clock, seconds: 900, rescuer: nil)
    }

    private func lease(_ layout: ServerLayout) throws -> PauseLease { try #require(try LeaseKeeper.read(layout)) }

    @Test("A lease that was taken names its owner, its end and the way back")
    func take() throws {
        try withServer { layout, keeper in
            #expect(keeper.token == nil)
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            let lease = try lease(layout)
            #expect(lease.attempt == "a")
            #expect(lease.owner == (try ProcessIdentity.current()))
            #expect(lease.bootId == (try Boot.id()))
            #expect(lease.expires == clock.now() + 900)
            #expect(lease.knownGood == good)
            #expect(!lease.schedulerWasSuspended)
            #expect(keeper.token == lease.token)
            #expect(try DurableFiles.mode(layout.lease) == 0o644)
        }
    }

    @Test("It is renewed when a third of its time has passed, and not before")
    func renew() throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            let first = try lease(layout)
            clock.advance(seconds: 299)
            try keeper.renewIfDue()
            #expect(try lease(layout) == first)
            clock.advance(seconds: 2)
            try keeper.renewIfDue()
            let second = try lease(layout)
            #expect(second.expires == clock.now() + 900)
            #expect(second.token == first.token)
            clock.advance(seconds: 299)
            try keeper.renewIfDue()
            #expect(try lease(layout) == second)
        }
    }

    @Test("A wall clock that is set back or forward does not keep the lease from being renewed")
    func clockIsSet() throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            clock.set(WallTime(seconds: 0))
            clock.advance(seconds: 301)
            try keeper.renewIfDue()
            #expect(try lease(layout).expires == WallTime(seconds: 301 + 900))
        }
    }

    @Test("Without a lease there is nothing to renew and nothing to give back")
    func none() throws {
        try withServer { layout, keeper in
            clock.advance(seconds: 1000)
            try keeper.renewIfDue()
            try keeper.giveBack()
            #expect(try LeaseKeeper.read(layout) == nil)
        }
    }

    @Test("A lease that was given back is gone, and is not renewed")
    func giveBack() throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            try keeper.giveBack()
            #expect(keeper.token == nil)
            clock.advance(seconds: 1000)
            try keeper.renewIfDue()
            #expect(try LeaseKeeper.read(layout) == nil)
        }
    }

    @Test("A lease that somebody ended meanwhile is noticed, by renewal and by giving back", arguments: [true, false])
    func lost(_ renewing: Bool) throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            try DurableFiles.remove(layout.lease)
            clock.advance(seconds: 301)
            #expect {
                if renewing { try keeper.renewIfDue() } else { try keeper.giveBack() }
            } throws: {
                ($0 as? StepFailure)?.reason == "LeaseLost"
            }
            #expect(keeper.token == nil)
            // It is not written again by whoever lost it.
            try keeper.renewIfDue()
            #expect(try LeaseKeeper.read(layout) == nil)
        }
    }

    @Test("Another process of the same attempt takes the lease over with a higher token; the first one has lost it")
    func takeover() throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: true)
            let first = try lease(layout)
            // Even a clock that was set back does not lower the token.
            clock.set(WallTime(seconds: 1))
            let second = self.keeper(layout)
            try second.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            let taken = try lease(layout)
            #expect(taken.token > first.token)
            #expect(second.token == taken.token)
            // How the scheduler was is known from before the first pause.
            #expect(taken.schedulerWasSuspended)
            clock.advance(seconds: 301)
            #expect(throws: StepFailure.self) { try keeper.renewIfDue() }
            #expect(throws: Never.self) { try second.renewIfDue() }
        }
    }

    @Test("The lease of another attempt is refused and stays as it is")
    func another() throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            let before = try lease(layout)
            #expect {
                try self.keeper(layout).take(attempt: "b", knownGood: good, schedulerWasSuspended: false)
            } throws: {
                let failure = $0 as? StepFailure
                return failure?.reason == "LeaseHeldByAnother" && failure?.message.contains("attempt a") == true
            }
            #expect(try lease(layout) == before)
        }
    }

    @Test("While a rescuer acts nothing is changed, and the waiting has an end")
    func rescuerActs() throws {
        try withServer { layout, keeper in
            let lock = try FileLock(trying: layout.leaseLock)
            #expect {
                try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            } throws: {
                ($0 as? StepFailure)?.reason == "RescuerActing"
            }
            _ = consume lock
            #expect(clock.monotonicMilliseconds() > 120_000)
            #expect(try LeaseKeeper.read(layout) == nil)
        }
    }

    @Test("A lease ends with its time or with the boot, whatever its time says")
    func ends() throws {
        try withServer { layout, keeper in
            try keeper.take(attempt: "a", knownGood: good, schedulerWasSuspended: false)
            let lease = try lease(layout)
            #expect(!lease.hasEnded(now: lease.expires + -1, bootId: lease.bootId))
            #expect(lease.hasEnded(now: lease.expires, bootId: lease.bootId))
            #expect(lease.hasEnded(now: clock.now(), bootId: "another boot"))
        }
    }
}
