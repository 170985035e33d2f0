import Documents
import LinuxHost
import Synchronization

/// Clocks that stand still until a test moves them. Pausing moves them on, so that no test waits.
public final class TestClock: Clock {
    private struct Times {
        var wall: WallTime
        var monotonic = 0
    }

    private let times: Mutex<Times>

    public init(_ wall: WallTime = WallTime(seconds: 1_767_225_600)) { times = Mutex(Times(wall: wall)) }

    public func now() -> WallTime { times.withLock { $0.wall } }
    public func monotonicMilliseconds() -> Int { times.withLock { $0.monotonic } }
    public func pause(milliseconds: Int) { advance(milliseconds: milliseconds) }

    /// Lets both clocks go on.
    public func advance(seconds: Int = 0, milliseconds: Int = 0) {
        times.withLock {
            let step = seconds * 1000 + milliseconds
            $0.wall = WallTime(milliseconds: $0.wall.milliseconds + Int64(step))
            $0.monotonic += step
        }
    }

    /// Sets the wall clock, as an administrator or a time server does; the monotonic one is not impressed.
    public func set(_ wall: WallTime) { times.withLock { $0.wall = wall } }
}
