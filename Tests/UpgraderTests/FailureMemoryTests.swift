import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct FailureMemoryTests {
    private let version = ProductVersion(1, 1, 882, 0)
    private let archive = SHA256Digest(bytes: [UInt8](repeating: 1, count: 32))
    private let clock = TestClock()

    private func remember(
        _ memory: inout FailureMemory, _ list: WritableKeyPath<FailureMemory, [FailureMemory.Failure]>,
        attempt: String, reason: String = "PostTestFailed"
    ) {
        memory.remember(
            list, version: version, archive: archive, attempt: attempt, reason: reason, now: clock.now())
    }

    private func isWithheld(_ memory: FailureMemory) -> Bool {
        memory.withheld(version, archive: archive, now: clock.now()) != nil
    }

    @Test(
        "A release that failed is tried again after its back-off, and not a second before",
        arguments: [(1, 8), (2, 12), (3, 24), (4, 48), (5, 96), (6, 168), (7, 252), (8, 336), (9, 336), (20, 336)])
    func backOff(_ failures: Int, _ hours: Int) {
        var memory = FailureMemory()
        for number in 1...failures {
            remember(&memory, \.releases, attempt: "attempt \(number)")
            clock.advance(seconds: 60)
        }
        // The last failure was a minute ago.
        clock.advance(seconds: hours * 3600 - 61)
        #expect(isWithheld(memory))
        clock.advance(seconds: 1)
        #expect(!isWithheld(memory))
    }

    @Test(
        "An upgrade that was aborted during the pause is tried again soon, and later each time",
        arguments: [(1, 0), (2, 10), (3, 30), (4, 60), (5, 120), (6, 240), (7, 480), (12, 480)])
    func pauses(_ aborted: Int, _ minutes: Int) {
        var memory = FailureMemory()
        for number in 1...aborted { remember(&memory, \.pauses, attempt: "attempt \(number)", reason: "CycleRunning") }
        if minutes > 0 {
            clock.advance(seconds: minutes * 60 - 1)
            #expect(isWithheld(memory))
            clock.advance(seconds: 1)
        }
        #expect(!isWithheld(memory))
    }

    @Test("The reason says how often, why, and until when")
    func words() {
        var memory = FailureMemory()
        remember(&memory, \.releases, attempt: "a")
        remember(&memory, \.releases, attempt: "b", reason: "ObservationHealth")
        #expect(
            memory.withheld(version, archive: archive, now: clock.now())
                == "it failed here 2 times, last with ObservationHealth; next try after 2026-01-01T12:00:00Z")
    }

    @Test("The same attempt counts once, however often it is told, and keeps its time")
    func once() {
        var memory = FailureMemory()
        remember(&memory, \.releases, attempt: "a")
        let first = memory
        clock.advance(seconds: 3600)
        remember(&memory, \.releases, attempt: "a", reason: "Other")
        #expect(memory == first)
    }

    @Test("An archive that was damaged three times is not tried again, however long one waits")
    func damaged() {
        var memory = FailureMemory()
        for attempt in ["a", "b"] { remember(&memory, \.archives, attempt: attempt, reason: "PackageDamaged") }
        #expect(!isWithheld(memory))
        remember(&memory, \.archives, attempt: "c", reason: "PackageDamaged")
        clock.advance(seconds: 10 * 365 * 86_400)
        #expect(
            memory.withheld(version, archive: archive, now: clock.now())
                == "its archive was damaged 3 times (PackageDamaged); it needs a new one")
    }

    @Test("A release that was published anew is another one, and so is another version")
    func another() {
        var memory = FailureMemory()
        remember(&memory, \.releases, attempt: "a")
        for attempt in ["a", "b", "c"] { remember(&memory, \.archives, attempt: attempt) }
        let newArchive = SHA256Digest(bytes: [UInt8](repeating: 2, count: 32))
        #expect(memory.withheld(version, archive: newArchive, now: clock.now()) == nil)
        var fresh = FailureMemory()
        remember(&fresh, \.releases, attempt: "a")
        #expect(fresh.withheld(ProductVersion(1, 1, 883, 0), archive: archive, now: clock.now()) == nil)
    }

    @Test("A release that a person went back from is not tried again by itself, in whatever archive it comes")
    func byHand() {
        var memory = FailureMemory()
        remember(&memory, \.releases, attempt: "a", reason: FailureMemory.byHand)
        clock.advance(seconds: 10 * 365 * 86_400)
        let newArchive = SHA256Digest(bytes: [UInt8](repeating: 2, count: 32))
        for archive in [archive, newArchive] {
            #expect(
                memory.withheld(version, archive: archive, now: clock.now())
                    == "an administrator went back from it on 2026-01-01T00:00:00Z; '--retry-failed' upgrades to it again"
            )
        }
    }

    @Test("What is forgotten holds nothing back, and only that is forgotten")
    func forget() {
        var memory = FailureMemory()
        for list in [\FailureMemory.releases, \.archives, \.pauses] { remember(&memory, list, attempt: "a") }
        let other = ProductVersion(9, 9, 9, 9)
        memory.remember(
            \.releases, version: other, archive: archive, attempt: "a", reason: "PostTestFailed", now: clock.now())
        memory.forget(version)
        #expect(memory.releases.map(\.version) == [other])
        #expect(memory.archives.isEmpty)
        #expect(memory.pauses.isEmpty)
    }

    @Test("The memory survives on disk; without a file there is nothing to remember")
    func onDisk() throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            #expect(try FailureMemory.read(layout) == FailureMemory())
            var memory = FailureMemory()
            remember(&memory, \.releases, attempt: "a")
            memory.unknown["later"] = 1
            try DurableFiles.makeFolders(layout.upgrader, mode: 0o755)
            try memory.write(layout)
            #expect(try FailureMemory.read(layout) == memory)
        }
    }

    @Test("A memory that was written before pauses were remembered is read")
    func older() throws {
        let text = #"{"schema":"failures/1","releases":[],"archives":[]}"#
        #expect(try FailureMemory(bytes: Array(text.utf8), file: "failures.json") == FailureMemory())
    }
}
