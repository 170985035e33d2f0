import Documents
import LinuxHost
import ReleaseContract

/// Everything that the steps of one attempt work with. One thread, one attempt.
public final class AttemptContext {
    public let id: String
    public let layout: ServerLayout
    public let configuration: UpgraderConfiguration
    public let plan: UpgradePlan
    public let clock: any Clock
    public let narrator: any Narrator
    public let source: (any ReleaseSource)?
    public let unpacker: any ReleaseUnpacker
    public let supervisor: any ServiceSupervisor
    public let lease: LeaseKeeper
    public let old: ControlCommands
    public let new: ControlCommands
    public let manifest: ReleaseManifest
    /// The published release document, byte for byte.
    public let manifestBytes: [UInt8]
    public let chunks: ChunkList
    let ticker: Ticker
    /// What a step wants to record with its result.
    public var findings: [String: JSONValue] = [:]

    public init(
        id: String, layout: ServerLayout, configuration: UpgraderConfiguration, plan: UpgradePlan,
        manifest: ReleaseManifest, manifestBytes: [UInt8], chunks: ChunkList, clock: any Clock, narrator: any Narrator,
        source: (any ReleaseSource)?, unpacker: any ReleaseUnpacker, supervisor: any ServiceSupervisor,
        rescuer: String?
    ) throws {
        self.id = id
        self.layout = layout
        self.configuration = configuration
        self.plan = plan
        self.manifest = manifest
        self.manifestBytes = manifestBytes
        self.chunks = chunks
        self.clock = clock
        self.narrator = narrator
        self.source = source
        self.unpacker = unpacker
        self.supervisor = supervisor
        let lease = LeaseKeeper(layout: layout, clock: clock, seconds: plan.leaseSeconds, rescuer: rescuer)
        self.lease = lease
        let ticker = Ticker(lease: lease)
        self.ticker = ticker
        let tick = { try ticker.tick() }
        let folder = layout.release(plan.fromVersion)
        old = ControlCommands(
            release: try InstalledRelease.manifest(in: folder), folder: folder, layout: layout, clock: clock, tick: tick
        )
        new = ControlCommands(
            release: manifest, folder: layout.release(plan.toVersion), layout: layout, clock: clock, tick: tick)
    }

    public var folder: String { layout.attempt(id) }
    /// The copy of the live data that becomes the new generation.
    public var dataCopy: String { "\(layout.generations)/.copy-\(id)" }
    /// A copy of that copy, for the rehearsal.
    public var scratchCopy: String { "\(layout.generations)/.rehearsal-\(id)" }

    /// Renews the lease when it is due, and notices that this process is asked to end, where it may end.
    public func tick() throws { try ticker.tick() }

    /// The lease's token for a verb that changes something.
    public var tokenArguments: [String] { lease.token.map { ["--token", String($0)] } ?? [] }
    public var ownerArguments: [String] { ["--owner", id] + tokenArguments }

    /// What the lease tells a rescuer: the old generation, and the commands that start it and lift the pause.
    ///
    /// - Parameter full: the new release may have exported already; who goes back then imports everything first.
    public func knownGood(full: Bool = false) throws -> PauseLease.KnownGood {
        PauseLease.KnownGood(
            generation: plan.fromGeneration, serve: try old.commandLine(.serve),
            resume: try old.commandLine(.resume, ["--owner", id, "--force"] + (full ? ["--full"] : [])),
            unit: supervisor.unit)
    }

    /// The running release is what was published, or, where nothing of that was kept, what its own document lists.
    func verifyOld() throws {
        if let origin = try? ReleaseOrigin.read(plan.fromVersion, layout) {
            return try unpacker.verify(old.folder, manifest: origin.manifest, document: origin.document)
        }
        let document = try DurableFiles.read("\(old.folder)/\(ReleaseManifest.fileName)") ?? []
        try unpacker.verify(old.folder, manifest: old.release, document: document)
    }

    /// Writes a document beside the journal.
    public func keep(_ name: String, _ bytes: [UInt8]) throws {
        try DurableFiles.replace("\(folder)/\(name)", bytes, mode: 0o640)
    }

    public func baseLine() throws -> BaseLine {
        let path = "\(folder)/\(BaseLine.fileName)"
        guard let bytes = try DurableFiles.read(path) else {
            throw StepFailure("BaseLineMissing", "\(path) is missing; nothing can be compared with the state before")
        }
        return try BaseLine(bytes: bytes, file: path)
    }
}
