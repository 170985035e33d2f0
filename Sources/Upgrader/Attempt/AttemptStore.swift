import Documents
import LinuxHost
import ReleaseContract

/// The attempts of a server, each a folder with its plan, its documents and its journal.
public struct AttemptStore {
    static let manifestName = "release.json"
    static let chunksName = "chunks.json"

    public let layout: ServerLayout

    public init(layout: ServerLayout) { self.layout = layout }

    /// Identifiers, oldest first.
    public func identifiers() throws -> [String] {
        (try DurableFiles.list(layout.attempts) ?? []).filter { !$0.hasPrefix(".") }
    }

    public func records(of attempt: String) throws -> [JournalRecord] {
        try Journal.read("\(layout.attempt(attempt))/\(Journal.fileName)").records
    }

    public func progress(of attempt: String) throws -> AttemptProgress {
        AttemptProgress(try records(of: attempt))
    }

    /// The attempt that has no result yet; there is at most one, since a run finishes it before anything else.
    public func unfinished() throws -> String? {
        for attempt in try identifiers().reversed() where try !progress(of: attempt).isConcluded { return attempt }
        return nil
    }

    public func plan(of attempt: String) throws -> UpgradePlan {
        let path = "\(layout.attempt(attempt))/\(UpgradePlan.fileName)"
        guard let bytes = try DurableFiles.read(path) else {
            throw StepFailure("AttemptIncomplete", "\(path) is missing; 'aadc-upgrade repair' sets the attempt aside")
        }
        return try UpgradePlan(bytes: bytes, file: path)
    }

    /// Makes the attempt's folder, whole or not at all, and returns its identifier.
    public func create(
        _ plan: UpgradePlan, manifest: [UInt8], chunks: [UInt8], more: [String: [UInt8]] = [:], now: WallTime
    )
        throws -> String
    {
        try DurableFiles.makeFolders(layout.attempts, mode: 0o750)
        let time = now.description.prefix(19).filter { $0 != "-" && $0 != ":" }
        let base = "\(time)Z-\(plan.toVersion)"
        var identifier = base
        var number = 1
        while DurableFiles.exists(layout.attempt(identifier)) {
            number += 1
            // Names are in the order of time: ten in one second would not be without the zero.
            identifier = "\(base)-\(number < 10 ? "0" : "")\(number)"
        }
        let temporary = "\(layout.attempts)/.new-\(identifier)"
        try DurableFiles.removeTree(temporary)
        try DurableFiles.makeFolders(temporary, mode: 0o750)
        try DurableFiles.replace("\(temporary)/\(UpgradePlan.fileName)", plan.json.pretty, mode: 0o640)
        try DurableFiles.replace("\(temporary)/\(Self.manifestName)", manifest, mode: 0o640)
        try DurableFiles.replace("\(temporary)/\(Self.chunksName)", chunks, mode: 0o640)
        for (name, bytes) in more { try DurableFiles.replace("\(temporary)/\(name)", bytes, mode: 0o640) }
        try DurableFiles.renameNew(temporary, layout.attempt(identifier))
        return identifier
    }

    /// Everything that the steps of an attempt need.
    public func context(of attempt: String, _ installation: Installation, source: (any ReleaseSource)?) throws
        -> AttemptContext
    {
        let folder = layout.attempt(attempt)
        func bytes(_ name: String) throws -> [UInt8] {
            if let bytes = try DurableFiles.read("\(folder)/\(name)") { return bytes }
            throw StepFailure("AttemptIncomplete", "\(folder)/\(name) is missing")
        }
        let manifest = try bytes(Self.manifestName)
        let chunks = try bytes(Self.chunksName)
        return try AttemptContext(
            id: attempt, layout: layout, configuration: installation.configuration, plan: try plan(of: attempt),
            manifest: try ReleaseManifest(bytes: manifest, file: "\(folder)/\(Self.manifestName)"),
            manifestBytes: manifest, chunks: try ChunkList(bytes: chunks, file: "\(folder)/\(Self.chunksName)"),
            clock: installation.clock, narrator: installation.narrator, source: source,
            unpacker: installation.unpacker, supervisor: installation.supervisor, rescuer: installation.rescuer)
    }
}
