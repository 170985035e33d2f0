import Documents
import ServiceStore
import Testing

@Suite("scheduler")
struct SchedulerTests {
    static let now = WallTime(seconds: 1_800_000_000)

    private func view(_ change: (inout SchedulerView) -> Void) -> SchedulerView {
        var view = SchedulerView(
            cycleEnabled: true, suspended: false, intervalSeconds: 1800, nextPolicy: .delta,
            nextStart: Self.now + 600, lastCycleEnded: Self.now + -1200, maintenanceEnabled: true,
            lastMaintenance: Self.now + -60)
        change(&view)
        return view
    }

    @Test func `a cycle waits for its time`() {
        #expect(view { _ in }.decision(now: Self.now) == .wait(seconds: 600))
        #expect(view { $0.nextStart = Self.now }.decision(now: Self.now) == .cycle(.delta))
        #expect(view { $0.nextStart = nil }.decision(now: Self.now) == .cycle(.delta))
    }

    @Test func `nothing runs while the scheduler is suspended or the cycle is disabled`() {
        let due: (inout SchedulerView) -> Void = { $0.nextStart = nil }
        for stop in [\SchedulerView.suspended, \SchedulerView.cycleEnabled] {
            let stopped = view {
                due(&$0)
                $0[keyPath: stop].toggle()
            }
            guard case .idle = stopped.decision(now: Self.now) else {
                Issue.record("\(stopped.decision(now: Self.now))")
                continue
            }
        }
    }

    @Test func `a suspended scheduler does no maintenance either`() {
        let stopped = view {
            $0.suspended = true
            $0.lastMaintenance = nil
        }
        #expect(stopped.decision(now: Self.now) != .maintenance)
        #expect(view { $0.lastMaintenance = nil }.decision(now: Self.now) == .maintenance)
    }

    @Test func `after seven days without a cycle everything is read again`() {
        let late = view { $0.lastCycleEnded = Self.now + -(7 * 86_400 + 1) }
        #expect(late.policy(now: Self.now) == .initial)
        #expect(view { $0.lastCycleEnded = Self.now + -7 * 86_400 }.policy(now: Self.now) == .delta)
    }

    @Test func `a clock that was set back does not stop synchronization`() {
        #expect(view { $0.nextStart = Self.now + 1801 }.decision(now: Self.now) == .cycle(.delta))
    }

    @Test func `a cycle that takes longer than the interval is followed at once`() {
        let view = view { _ in }
        #expect(view.nextStart(started: Self.now, ended: Self.now + 60) == Self.now + 1800)
        #expect(view.nextStart(started: Self.now, ended: Self.now + 2000) == Self.now + 2000)
    }

    @Test(arguments: [("00:30:00", 1800), ("7.00:00:00", 604_800), ("1.02:03:04", 93_784)])
    func `a length of time is read`(text: String, seconds: Int) { #expect(TimeSpan.seconds(text) == seconds) }

    @Test(arguments: ["", "30", "00:60:00", "24:00:00", "-1.00:00:00", "00:00:00:00", "a:b:c"])
    func `what is no length of time is refused`(text: String) { #expect(TimeSpan.seconds(text) == nil) }

    @Test(arguments: [
        ("Tue, 03 May 2016 14:39:16 GMT", "2016-05-03T14:39:16Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        ("Sun, 31 Dec 2028 23:59:59 GMT", "2028-12-31T23:59:59Z"),
    ])
    func `the next start is written as RFC 1123 has it`(text: String, time: String) throws {
        let moment = try #require(WallTime(time))
        #expect(HTTPDate.text(moment) == text)
        #expect(HTTPDate.parse(text) == moment)
    }
}
