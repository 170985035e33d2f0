import Documents
import LinuxHost
import Synchronization

/// A clock that only goes when a test says so.
final class TestClock: Clock {
    private let milliseconds: Mutex<Int64>

    init(_ start: String = "2026-01-01T00:00:00Z") { milliseconds = Mutex(WallTime(start)?.milliseconds ?? 0) }

    func now() -> WallTime { WallTime(milliseconds: milliseconds.withLock { $0 }) }
    func monotonicMilliseconds() -> Int { Int(milliseconds.withLock { $0 }) }
    func pause(milliseconds: Int) { pass(seconds: 0, milliseconds: milliseconds) }

    func pass(seconds: Int, milliseconds more: Int = 0) {
        milliseconds.withLock { $0 += Int64(seconds) * 1000 + Int64(more) }
    }
}
