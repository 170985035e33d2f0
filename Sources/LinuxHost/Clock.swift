import Documents
import Glibc

/// Time, as the only way to it, so that a test can own it.
public protocol Clock: Sendable {
    func now() -> WallTime
    /// Never goes back and is not set by anybody; counts while the machine is suspended.
    func monotonicMilliseconds() -> Int
    /// Lets the given time pass.
    func pause(milliseconds: Int)
}

/// The machine's own clocks.
public struct SystemClock: Clock {
    public init() {}

    public func now() -> WallTime {
        let time = Self.read(CLOCK_REALTIME)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public func monotonicMilliseconds() -> Int {
        let time = Self.read(CLOCK_BOOTTIME)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    public func pause(milliseconds: Int) { usleep(UInt32(max(0, milliseconds)) * 1000) }

    private static func read(_ clock: Int32) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
