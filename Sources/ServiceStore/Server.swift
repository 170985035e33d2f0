import Documents
import LinuxHost
import ReleaseContract

extension ServerLayout {
    /// flock of the one running service.
    public var serveLock: String { "\(service)/serve.lock" }
    /// flock of the one running cycle, whatever started it; its content says who runs and what.
    public var cycleLock: String { "\(service)/cycle.lock" }
}

/// One server below a root, seen by the program of one release.
public struct Server: Sendable {
    public let layout: ServerLayout
    public let release: InstalledRelease
    public let clock: any Clock

    public init(root: String, release: InstalledRelease, clock: any Clock = SystemClock()) {
        layout = ServerLayout(root: root)
        self.release = release
        self.clock = clock
    }

    /// The number of the active generation.
    public func activeGeneration() throws -> Int {
        guard let target = try DurableFiles.linkTarget(layout.current) else {
            throw ServiceError(.failed, "\(layout.current): there is no server here; 'adsync init' makes one")
        }
        guard target.hasPrefix("gen/"), let number = Int(target.dropFirst(4)) else {
            throw ServiceError(.failed, "\(layout.current): expected a link to gen/<number>, found \"\(target)\"")
        }
        return number
    }

    /// The data folder that the caller named, or the active generation's.
    public func dataFolder(_ named: String? = nil) throws -> String {
        if let named { return named }
        return layout.data(try activeGeneration())
    }

    public func open(data: String? = nil) throws -> ServiceDatabase {
        try ServiceDatabase(data: try dataFolder(data), epoch: try release.epoch())
    }

    /// The lease, whoever holds it; nil without one. One that cannot be read is an error, never "none".
    func lease() throws -> PauseLease? {
        guard let bytes = try DurableFiles.read(layout.lease) else { return nil }
        return try PauseLease(bytes: bytes, file: layout.lease)
    }

    /// The service that runs now, if one does.
    public func runningService() throws -> ServiceProcess? {
        guard let bytes = try DurableFiles.read(layout.serviceProcess), !bytes.isEmpty else { return nil }
        let service = try ServiceProcess(bytes: bytes, file: layout.serviceProcess)
        return service.process.isRunning ? service : nil
    }

    /// The machine's name now.
    public static func hostName() throws -> String {
        let path = "/proc/sys/kernel/hostname"
        guard let bytes = try DurableFiles.read(path, limit: 4096) else {
            throw ServiceError(.failed, "\(path): cannot read the host's name")
        }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }
}

/// Whether exports may be sent now. Looked at before every batch.
public struct ExportGate: Sendable {
    private let lease: String
    private let mark: String

    public init(server: Server, data: String) {
        lease = server.layout.lease
        mark = "\(data)/trial.json"
    }

    /// Why nothing may be sent; nil when the gate is open. Where it cannot be seen, it throws, and nothing is sent.
    public func closed() throws -> String? {
        if try DurableFiles.kind(lease) != nil { return "synchronization is paused by an upgrade (\(lease))" }
        if try DurableFiles.kind(mark) != nil { return "this generation is on trial (\(mark))" }
        return nil
    }
}
