import Documents
import LinuxHost
import ReleaseContract

/// Starting and stopping the service. There are two ways: systemd's, and a process of one's own below another root.
public protocol ServiceSupervisor {
    /// The service that runs, by its own record; nil when none does.
    func running() throws -> ServiceProcess?
    /// Stops whatever serves; returns when it has ended.
    func stop(tick: () throws -> Void) throws
    /// Starts the service and returns when it serves the given generation.
    func start(_ commandLine: [String], generation: Int, tick: () throws -> Void) throws
    /// The systemd unit, for the rescuer.
    var unit: String? { get }
    /// Whether the whole machine is going down: then no service starts any more, and no failure says anything.
    var machineStops: Bool { get }
}

/// What both supervisors share: the service's own record of itself.
struct ServiceRecord {
    let layout: ServerLayout
    let clock: any Clock
    /// The unit whose journal has what the service says; without one it is in a file.
    var unit: String?

    func running() throws -> ServiceProcess? {
        guard let bytes = try DurableFiles.read(layout.serviceProcess, limit: 65_536) else { return nil }
        // A record cut by a crash is no record: the process that would have written it is gone or will write again.
        guard let record = try? ServiceProcess(bytes: bytes, file: layout.serviceProcess) else { return nil }
        return record.process.isRunning ? record : nil
    }

    /// Waits until the service says that it serves the generation, or `hasGivenUp` says that it never will.
    func awaitServing(
        generation: Int, seconds: Int, hasGivenUp: () throws -> Bool, tick: () throws -> Void
    ) throws {
        let start = clock.monotonicMilliseconds()
        var wait = 1
        while true {
            if let record = try running(), record.generation == generation { return }
            if try hasGivenUp() {
                throw StepFailure(
                    "ServiceCanNotBeStarted", "the service ended at its start; \(whatItSaid())")
            }
            if clock.monotonicMilliseconds() - start > seconds * 1000 {
                throw StepFailure(
                    "ServiceCanNotBeStarted", "the service was not ready after \(seconds) s; \(whatItSaid())")
            }
            clock.pause(milliseconds: wait)
            wait = min(wait * 2, 50)
            try tick()
        }
    }

    private func whatItSaid() -> String {
        if let unit { return "'journalctl -u \(unit)' says why" }
        guard let bytes = try? DurableFiles.read(layout.serviceLog, limit: 256 << 20),
            let line = String(decoding: bytes.suffix(4096), as: UTF8.self).split(separator: "\n").last
        else { return "its log is \(layout.serviceLog)" }
        return "its log \(layout.serviceLog) ends with: \(line)"
    }
}

/// Runs the service as a detached process, for a server below a root of its own.
public struct DetachedSupervisor: ServiceSupervisor {
    private let record: ServiceRecord
    private let configuration: UpgraderConfiguration

    public init(layout: ServerLayout, configuration: UpgraderConfiguration, clock: any Clock) {
        record = ServiceRecord(layout: layout, clock: clock)
        self.configuration = configuration
    }

    public var unit: String? { nil }
    public var machineStops: Bool { false }

    public func running() throws -> ServiceProcess? { try record.running() }

    public func stop(tick: () throws -> Void) throws {
        guard let service = try running() else { return }
        let ended = try ChildProcess.stop(
            service.process, graceSeconds: configuration.stopWaitSeconds, clock: record.clock, tick: tick)
        guard ended else {
            throw StepFailure(
                "ServiceCanNotBeStopped", "process \(service.process.pid) does not end, not even by SIGKILL")
        }
    }

    public func start(_ commandLine: [String], generation: Int, tick: () throws -> Void) throws {
        if let service = try running(), service.generation == generation { return }
        try DurableFiles.makeFolders(DurableFiles.folder(of: record.layout.serviceLog), mode: 0o755)
        let process = try ChildProcess.startDetached(
            Invocation(program: commandLine[0], arguments: Array(commandLine.dropFirst())),
            log: record.layout.serviceLog)
        do {
            try record.awaitServing(
                generation: generation, seconds: configuration.startWaitSeconds,
                hasGivenUp: {
                    ChildProcess.reap(process)
                    return !process.isRunning
                }, tick: tick)
        } catch let failure as StepFailure where failure.reason == "ServiceCanNotBeStarted" {
            // What did not become ready must not become ready later, beside whatever is done next.
            _ = try ChildProcess.stop(process, graceSeconds: 0, clock: record.clock)
            throw failure
        }
    }
}

/// Runs the service through its systemd unit, under the account that the unit names.
public struct SystemdSupervisor: ServiceSupervisor {
    private let record: ServiceRecord
    private let configuration: UpgraderConfiguration
    private let name: String

    public init(unit: String, layout: ServerLayout, configuration: UpgraderConfiguration, clock: any Clock) {
        name = unit
        record = ServiceRecord(layout: layout, clock: clock, unit: unit)
        self.configuration = configuration
    }

    public var unit: String? { name }

    public var machineStops: Bool {
        let completion = try? ChildProcess.run(
            Invocation(program: "/usr/bin/systemctl", arguments: ["is-system-running"]), timeoutSeconds: 30,
            clock: record.clock, tick: {})
        return completion.map { String(decoding: $0.output, as: UTF8.self) } == "stopping\n"
    }

    public func running() throws -> ServiceProcess? { try record.running() }

    public func stop(tick: () throws -> Void) throws {
        try systemctl("stop", failure: "ServiceCanNotBeStopped", seconds: configuration.stopWaitSeconds + 30, tick)
        if let service = try running() {
            throw StepFailure(
                "ServiceCanNotBeStopped",
                "unit \(name) is stopped, but process \(service.process.pid) still serves; stop it by hand")
        }
    }

    public func start(_ commandLine: [String], generation: Int, tick: () throws -> Void) throws {
        if let service = try running(), service.generation == generation { return }
        // A unit that failed too often refuses to start until this is forgotten.
        _ = try? run("reset-failed", seconds: 30, tick)
        try systemctl("start", failure: "ServiceCanNotBeStarted", seconds: configuration.startWaitSeconds, tick)
        try record.awaitServing(
            generation: generation, seconds: configuration.startWaitSeconds,
            // Ended, or ended and waiting for the restart that its unit allows: whether to try again is decided here.
            hasGivenUp: { try run("is-active", seconds: 30, tick) == Self.isNotActive }, tick: tick)
    }

    /// What `systemctl is-active` ends with for a unit that is anything else.
    private static let isNotActive = 3

    private func run(_ verb: String, seconds: Int, _ tick: () throws -> Void) throws -> Int {
        let completion = try ChildProcess.run(
            Invocation(program: "/usr/bin/systemctl", arguments: [verb, "--quiet", name]), timeoutSeconds: seconds,
            clock: record.clock, tick: tick)
        if case .exited(let status) = completion.end { return status }
        return -1
    }

    private func systemctl(_ verb: String, failure: String, seconds: Int, _ tick: () throws -> Void) throws {
        let status = try run(verb, seconds: seconds, tick)
        guard status == 0 else {
            throw StepFailure(failure, "systemctl \(verb) \(name) ended with \(status); see journalctl -u \(name)")
        }
    }
}
