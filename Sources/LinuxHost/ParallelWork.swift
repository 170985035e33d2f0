import Glibc
import Synchronization

/// Work on many independent items that all processor cores share.
///
/// For what only reads: effects stay in the order of the source, on one thread. The caller works too and returns when
/// everybody has ended, so no thread outlives the call. Signals are left to the caller's thread.
public enum ParallelWork {
    /// The cores that this machine has online, eight at most.
    public static var cores: Int { min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 8) }

    /// Does the work for each index below `count`, beginning with the lowest.
    ///
    /// After a failure nothing more is begun. Of several failures the one with the lowest index is thrown, whichever
    /// thread was first: all indices below a failed one were begun before it and are awaited.
    public static func forEach<Failure: Error>(
        _ count: Int, threads: Int = cores, _ body: @escaping @Sendable (Int) throws(Failure) -> Void
    ) throws(Failure) {
        let crew = Crew(count: count, body: body)
        let helpers = start(min(threads, count) - 1, Job { crew.work() })
        crew.work()
        for helper in helpers { pthread_join(helper, nil) }
        if let failure = crew.failure { throw failure }
    }

    /// Does one thing while another thread does the other, and returns when both have ended. Where both fail, what the
    /// first one throws counts.
    public static func both<Result>(
        _ first: () throws -> Result, _ second: @escaping @Sendable () throws(HostError) -> Void
    ) throws -> Result {
        let crew = Crew<HostError>(count: 1) { _ throws(HostError) in try second() }
        let helpers = start(1, Job { crew.work() })
        let result = Swift.Result { try first() }
        // Where there was no thread to be had.
        crew.work()
        for helper in helpers { pthread_join(helper, nil) }
        let value = try result.get()
        if let failure = crew.failure { throw failure }
        return value
    }

    /// As many of the threads as the machine allows: fewer only take longer.
    private static func start(_ count: Int, _ job: Job) -> [pthread_t] {
        guard count > 0 else { return [] }
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var started: [pthread_t] = []
        for _ in 0..<count {
            var thread = pthread_t()
            let handed = Unmanaged.passRetained(job)
            let code = pthread_create(
                &thread, nil,
                { argument in
                    if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                }, handed.toOpaque())
            guard code == 0 else {
                handed.release()
                break
            }
            started.append(thread)
        }
        return started
    }
}

/// What a thread is handed through C.
private final class Job: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Those who share the work: each takes the next index until there is none.
private final class Crew<Failure: Error>: Sendable {
    private struct State {
        var next = 0
        var failed: Int?
        var failure: Failure?
    }

    private let count: Int
    private let body: @Sendable (Int) throws(Failure) -> Void
    private let state = Mutex(State())

    init(count: Int, body: @escaping @Sendable (Int) throws(Failure) -> Void) {
        self.count = count
        self.body = body
    }

    var failure: Failure? { state.withLock { $0.failure } }

    func work() {
        while let index = take() {
            do throws(Failure) { try body(index) } catch { note(error, at: index) }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard state.failed == nil, state.next < count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    private func note(_ failure: Failure, at index: Int) {
        state.withLock { state in
            if let failed = state.failed, failed < index { return }
            state.failed = index
            state.failure = failure
        }
    }
}
