import Documents

/// All that the scheduler's decision depends on.
public struct SchedulerView: Equatable, Sendable {
    public var cycleEnabled: Bool
    public var suspended: Bool
    public var intervalSeconds: Int
    public var nextPolicy: CyclePolicy
    public var nextStart: WallTime?
    public var lastCycleEnded: WallTime?
    public var maintenanceEnabled: Bool
    public var lastMaintenance: WallTime?

    public init(
        cycleEnabled: Bool, suspended: Bool, intervalSeconds: Int, nextPolicy: CyclePolicy, nextStart: WallTime?,
        lastCycleEnded: WallTime?, maintenanceEnabled: Bool, lastMaintenance: WallTime?
    ) {
        self.cycleEnabled = cycleEnabled
        self.suspended = suspended
        self.intervalSeconds = intervalSeconds
        self.nextPolicy = nextPolicy
        self.nextStart = nextStart
        self.lastCycleEnded = lastCycleEnded
        self.maintenanceEnabled = maintenanceEnabled
        self.lastMaintenance = lastMaintenance
    }

    /// After this long without a cycle the cloud's changes are no longer known, and everything is read again.
    public static let deltaLimitSeconds = 7 * 86_400
    public static let maintenanceSeconds = 3600
}

/// What the service does next.
public enum SchedulerDecision: Equatable, Sendable {
    case cycle(CyclePolicy)
    case maintenance
    case wait(seconds: Int)
    /// Nothing until somebody changes a setting.
    case idle(reason: String)
}

extension SchedulerView {
    public func decision(now: WallTime) -> SchedulerDecision {
        if suspended { return .idle(reason: "the scheduler is suspended") }
        if maintenanceDue(now) { return .maintenance }
        guard cycleEnabled else { return .idle(reason: "the synchronization cycle is disabled") }
        guard let nextStart, nextStart > now else { return .cycle(policy(now: now)) }
        // A clock that was set back would let the next start lie far away.
        if nextStart - now > intervalSeconds { return .cycle(policy(now: now)) }
        return .wait(seconds: max(1, nextStart - now))
    }

    /// The policy of a cycle that starts now.
    public func policy(now: WallTime) -> CyclePolicy {
        if let lastCycleEnded, now - lastCycleEnded > Self.deltaLimitSeconds { return .initial }
        return nextPolicy
    }

    private func maintenanceDue(_ now: WallTime) -> Bool {
        guard maintenanceEnabled else { return false }
        guard let lastMaintenance else { return true }
        return now - lastMaintenance >= Self.maintenanceSeconds
    }

    /// When the cycle after one that started and ended at these times begins: never in the past.
    public func nextStart(started: WallTime, ended: WallTime) -> WallTime { max(started + intervalSeconds, ended) }
}

/// Times as `NextStartTime` writes them: RFC 1123 in GMT.
public enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    public static func text(_ time: WallTime) -> String {
        let seconds = Int(time.milliseconds / 1000)
        let parts = WallTime(seconds: seconds).description.split { "-T:Z".contains($0) }.map(String.init)
        let month = Int(parts[1]).map { months[$0 - 1] } ?? ""
        // 1970-01-01 was a Thursday.
        let day = days[((seconds / 86_400) % 7 + 7) % 7]
        return "\(day), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }

    public static func parse(_ text: String) -> WallTime? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]) else { return nil }
        let number = month + 1
        return WallTime("\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
    }
}
