import Glibc
import LinuxHost
import Synchronization
import Testing

@Suite("work that cores share")
struct ParallelWorkTests {
    private struct Failure: Error, Equatable { let index: Int }

    /// How often each index was done.
    private final class Counts: Sendable {
        private let counts: Mutex<[Int]>
        init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }
        func count(_ index: Int) { counts.withLock { $0[index] += 1 } }
        var all: [Int] { counts.withLock { $0 } }
    }

    @Test("does every item once", arguments: [0, 1, 2, 3, 1000], [1, 2, 7])
    func once(items: Int, threads: Int) {
        let counts = Counts(items)
        ParallelWork.forEach(items, threads: threads) { counts.count($0) }
        #expect(counts.all == Array(repeating: 1, count: items))
    }

    @Test("is done by several threads at once")
    func several() {
        // Nobody gets past this without the other one.
        let meeting = Atomic(0)
        ParallelWork.forEach(2, threads: 2) { _ in
            meeting.add(1, ordering: .relaxed)
            while meeting.load(ordering: .relaxed) < 2 { sched_yield() }
        }
        #expect(meeting.load(ordering: .relaxed) == 2)
    }

    @Test("throws the failure with the lowest index, though a higher one failed first")
    func lowest() {
        let hasFailed = Atomic(false)
        #expect(throws: Failure(index: 3)) {
            try ParallelWork.forEach(5, threads: 2) { index throws(Failure) in
                switch index {
                case 3:
                    while !hasFailed.load(ordering: .acquiring) { sched_yield() }
                    throw Failure(index: 3)
                case 4:
                    hasFailed.store(true, ordering: .releasing)
                    throw Failure(index: 4)
                default: return
                }
            }
        }
    }

    @Test("begins nothing after a failure")
    func stops() {
        let counts = Counts(1000)
        #expect(throws: Failure(index: 5)) {
            try ParallelWork.forEach(1000, threads: 1) { index throws(Failure) in
                counts.count(index)
                if index == 5 { throw Failure(index: 5) }
            }
        }
        #expect(counts.all.reduce(0, +) == 6)
    }

    @Test("does two things at once, and tells of the first failure where both fail", arguments: [false, true])
    func both(secondFails: Bool) throws {
        let problem = HostError("read", "/nowhere", 2)
        let meeting = Atomic(0)
        func meet() {
            meeting.add(1, ordering: .relaxed)
            while meeting.load(ordering: .relaxed) < 2 { sched_yield() }
        }
        let second: @Sendable () throws(HostError) -> Void = { () throws(HostError) in
            meeting.add(1, ordering: .relaxed)
            if secondFails { throw problem }
        }
        if secondFails {
            #expect(throws: problem) { try ParallelWork.both({ meet() }, second) }
            #expect(throws: Failure(index: 1)) { try ParallelWork.both({ throw Failure(index: 1) }, second) }
        } else {
            let result = try ParallelWork.both(
                {
                    meet()
                    return 7
                }, second)
            #expect(result == 7)
        }
    }
}
