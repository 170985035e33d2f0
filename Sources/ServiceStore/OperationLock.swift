import Documents
import LinuxHost
import ReleaseContract

extension Server {
    /// How long a verb waits for another that changes something.
    static let operationWaitMilliseconds = 10_000

    /// Runs the body as the only one that changes something on this server, unless its caller is not wanted any more.
    public func operate<Value>(_ verb: String, token: Int? = nil, _ body: () throws -> Value) throws -> Value {
        let deadline = clock.monotonicMilliseconds() + Self.operationWaitMilliseconds
        while true {
            if let lock = try FileLock(trying: layout.operationLock) {
                let record = OperationRecord(verb: verb, process: try ProcessIdentity.current())
                try lock.record(record.json.compact)
                try checkToken(token)
                let value = try body()
                // The lock lives to here.
                _ = lock.path
                return value
            }
            if clock.monotonicMilliseconds() > deadline {
                throw ServiceError(
                    .notNow, "\(layout.operationLock): \(operationHolder()) changes something; try again")
            }
            clock.pause(milliseconds: 20)
        }
    }

    private func checkToken(_ token: Int?) throws {
        guard let token else { return }
        guard let lease = try lease() else {
            throw ServiceError(.failed, "\(layout.lease): there is no lease, so token \(token) means nothing any more")
        }
        guard lease.token == token else {
            throw ServiceError(
                .failed,
                "\(layout.lease): the lease's token is \(lease.token), not \(token): the attempt was taken over")
        }
    }

    /// Whether an administrator's command changes the configuration now.
    func isBeingConfigured() throws -> Bool {
        guard let bytes = try DurableFiles.read(layout.operationLock),
            let record = try? OperationRecord(bytes: bytes, file: layout.operationLock)
        else { return false }
        let kind = record.verb.prefix { $0 != " " }
        // The record outlives the lock.
        return try ["init", "rule", "scheduler", "settings"].contains(kind) && record.process.isRunning
            && FileLock.isHeld(layout.operationLock)
    }

    private func operationHolder() -> String {
        guard let bytes = try? DurableFiles.read(layout.operationLock),
            let record = try? OperationRecord(bytes: bytes, file: layout.operationLock)
        else { return "another process" }
        return "process \(record.process.pid) (\(record.verb))"
    }
}

/// The right to run a cycle: one at a time on a server, whatever starts it.
public struct CycleLock: ~Copyable {
    private let lock: FileLock

    /// Takes the lock; another cycle that runs is "not now".
    public init(server: Server, policy: CyclePolicy) throws {
        let path = server.layout.cycleLock
        guard let taken = try FileLock(trying: path) else {
            let running = try Self.running(server.layout)
            throw ServiceError(.notNow, "a cycle is running\(running.map { " (\($0))" } ?? ""); one at a time")
        }
        // Written before the caller looks whether the scheduler is suspended: whoever suspends and then sees no record
        // here knows that a cycle that has not begun will not begin.
        let process = try ProcessIdentity.current().members
        let members: [String: JSONValue] = ["schema": "cycle/1", "policy": .string(policy.rawValue)]
        try taken.record(JSONValue.object(members.merging(process) { $1 }).compact)
        lock = taken
    }

    deinit { try? lock.record([]) }

    /// Always true; asking keeps the lock until then.
    var isHeld: Bool { true }

    /// What runs now, in words; nil when no cycle runs. A record of a process that is gone is none.
    public static func running(_ layout: ServerLayout) throws -> String? {
        guard let bytes = try DurableFiles.read(layout.cycleLock), !bytes.isEmpty else { return nil }
        // A record being replaced may be read half written.
        guard let json = try? JSONParser.parse(bytes) else { return "a cycle that begins or ends" }
        let (policy, process) = try holder(json, layout)
        return process.isRunning ? "\(policy) cycle of process \(process.pid)" : nil
    }

    /// Whether a cycle runs that the running service did not begin: somebody synchronizes by hand.
    static func isByHand(_ layout: ServerLayout, service: ProcessIdentity?) throws -> Bool {
        guard let bytes = try DurableFiles.read(layout.cycleLock), !bytes.isEmpty else { return false }
        // Half written: where a service runs, it is nearly always its own.
        guard let json = try? JSONParser.parse(bytes) else { return service == nil }
        let (_, process) = try holder(json, layout)
        return process != service && process.isRunning
    }

    private static func holder(_ json: JSONValue, _ layout: ServerLayout) throws -> (String, ProcessIdentity) {
        var fields = try FieldReader(json, file: layout.cycleLock)
        return (try fields.string("policy"), try ProcessIdentity(fields: &fields))
    }
}
