import Documents

/// A client of a repository, as sections 5.2 to 5.7 of the specification have it.
///
/// It verifies what a fetcher brings and what a store kept, and gives the store what was verified, file by file: a client
/// that is killed at any moment begins again with what is there. It asks no clock and starts no timer.
public struct Client {
    public let limits: ClientLimits
    public private(set) var trusted: TrustedMetadata
    /// The trusted root as a file.
    private var rootBytes: [UInt8]
    private let store: any MetadataStore
    private let fetcher: any MetadataFetcher

    /// - Parameters:
    ///   - trustedRoot: the root that all trust follows from, such as one that was installed with the program. Without it the
    ///     store's own `root.json` is believed.
    ///   - now: the moment at which expiry is judged. Give a time that does not go back: the greater of the clock's and the
    ///     last one that was known to be good.
    public init(
        trustedRoot: [UInt8]? = nil, store: any MetadataStore, fetcher: any MetadataFetcher, now: WallTime,
        limits: ClientLimits = ClientLimits()
    ) throws(TUFError) {
        self.limits = limits
        self.store = store
        self.fetcher = fetcher
        let file = RoleName.root.storedFile
        if let trustedRoot {
            trusted = try TrustedMetadata(root: trustedRoot, file: "trusted root", now: now)
            rootBytes = trustedRoot
        } else if let kept = try Self.read(store, file, role: .root, limit: limits.root) {
            trusted = try TrustedMetadata(root: kept, file: file, now: now)
            rootBytes = kept
        } else {
            throw TUFError(.store, role: .root, file: file, "expected the trusted root, found none that can be read")
        }
        try followKeptRoots()
    }

    // MARK: Refresh

    /// Brings the four top-level roles up to date (specification, 5.3 to 5.6). When it fails, what was verified before the
    /// failure is kept.
    public mutating func refresh() throws(TUFError) {
        trusted = trusted.withoutRest()
        try updateRoot()
        try updateTimestamp()
        try updateSnapshot()
        _ = try loadTargets(at: [.targets])
    }

    /// Versions of root that were verified before, each from the one before it. What is missing or damaged there ends the
    /// way, and the repository is asked for it.
    private mutating func followKeptRoots() throws(TUFError) {
        while let file = nextRootFile {
            guard let kept = try Self.read(store, "root_history/\(file)", role: .root, limit: limits.root),
                (try? trusted.updateRoot(kept, file: file)) != nil
            else { return }
            rootBytes = kept
        }
    }

    /// nil where no greater version can be.
    private var nextRootFile: String? {
        let (next, overflows) = trusted.root.content.version.addingReportingOverflow(1)
        return overflows ? nil : RoleName.root.remoteFile(version: next)
    }

    private mutating func updateRoot() throws(TUFError) {
        let stored = RoleName.root.storedFile
        // Not there yet, damaged, or left behind by a run that was killed.
        if try Self.read(store, stored, role: .root, limit: limits.root) != rootBytes {
            try write(stored, rootBytes, role: .root)
        }
        for _ in 0..<limits.rootUpdates {
            guard let file = nextRootFile, let bytes = try fetch(file, role: .root, limit: limits.root) else { return }
            var next = trusted
            let update = try next.updateRoot(bytes, file: file)
            // Before the new root is kept: when this is interrupted in between, both happen again.
            if update.forgetsVersions {
                for role in [RoleName.timestamp, .snapshot] { try remove(role) }
            }
            try write("root_history/\(file)", bytes, role: .root)
            try write(stored, bytes, role: .root)
            trusted = next
            rootBytes = bytes
        }
    }

    private mutating func updateTimestamp() throws(TUFError) {
        let stored = RoleName.timestamp.storedFile
        if let kept = try Self.read(store, stored, role: .timestamp, limit: limits.timestamp) {
            // Damaged, or signed by keys that were replaced: as if it were not there.
            try? trusted.recallTimestamp(kept, file: stored)
        }
        try trusted.requireFreshRoot()
        let file = RoleName.timestamp.remoteFile()
        let bytes = try fetchExisting(file, role: .timestamp, limit: limits.timestamp)
        if try trusted.updateTimestamp(bytes, file: file) { try write(stored, bytes, role: .timestamp) }
    }

    private mutating func updateSnapshot() throws(TUFError) {
        guard let announced = trusted.timestamp?.content.snapshot else { return }
        let stored = RoleName.snapshot.storedFile
        if let kept = try Self.read(store, stored, role: .snapshot, limit: limits.announced),
            (try? trusted.recallSnapshot(kept, file: stored)) == true
        {
            return
        }
        let file = RoleName.snapshot.remoteFile(version: versionInName(announced))
        let limit = try limit(announced, limits.snapshot, role: .snapshot, file: file)
        let bytes = try fetchExisting(file, role: .snapshot, limit: limit)
        try trusted.updateSnapshot(bytes, file: file)
        try write(stored, bytes, role: .snapshot)
    }

    /// The metadata of the role at the end of a way: the kept one where it is the announced one, or else the repository's.
    mutating func loadTargets(at chain: [RoleName]) throws(TUFError) -> TargetsMetadata {
        if let known = trusted.targets(at: chain) { return known.content }
        let role = chain.last ?? .targets
        let announced = try trusted.announced(role)
        let stored = role.storedFile
        let file = role.remoteFile(version: versionInName(announced))
        if let kept = try Self.read(store, stored, role: role, limit: limits.announced) {
            try? trusted.updateTargets(kept, at: chain, file: stored)
        }
        if let known = trusted.targets(at: chain) { return known.content }
        let limit = try limit(announced, limits.targets, role: role, file: file)
        let bytes = try fetchExisting(file, role: role, limit: limit)
        try trusted.updateTargets(bytes, at: chain, file: file)
        try write(stored, bytes, role: role)
        guard let new = trusted.targets(at: chain) else {
            throw TUFError(.missing, role: role, file: file, "expected trusted metadata, found none")
        }
        return new.content
    }

    // MARK: Names and limits

    private func versionInName(_ info: MetadataFileInfo) -> Int? {
        trusted.root.content.consistentSnapshot ? info.version : nil
    }

    private func limit(
        _ announced: MetadataFileInfo, _ usual: Int, role: RoleName, file: String
    ) throws(TUFError) -> Int {
        guard let length = announced.length else { return usual }
        if length <= limits.announced { return length }
        throw TUFError(
            .tooLarge, role: role, file: file,
            "expected at most \(limits.announced) bytes, and \(length) are announced")
    }

    // MARK: Effects

    private func fetchExisting(_ file: String, role: RoleName, limit: Int) throws(TUFError) -> [UInt8] {
        if let bytes = try fetch(file, role: role, limit: limit) { return bytes }
        throw TUFError(.missing, role: role, file: file, "the repository does not have it")
    }

    private func fetch(_ file: String, role: RoleName, limit: Int) throws(TUFError) -> [UInt8]? {
        let bytes: [UInt8]?
        do {
            bytes = try fetcher.fetch(file, limit: limit)
        } catch is AnswerTooLong {
            throw TUFError(.tooLarge, role: role, file: file, "expected at most \(limit) bytes, found more")
        } catch {
            throw TUFError(.fetch, role: role, file: file, "not fetched: \(error)", cause: error)
        }
        if let bytes, bytes.count > limit {
            throw TUFError(.tooLarge, role: role, file: file, "expected at most \(limit) bytes, found \(bytes.count)")
        }
        return bytes
    }

    private static func read(
        _ store: any MetadataStore, _ file: String, role: RoleName, limit: Int
    ) throws(TUFError) -> [UInt8]? {
        do {
            return try store.read(file, limit: limit)
        } catch {
            throw TUFError(.store, role: role, file: file, "not read: \(error)", cause: error)
        }
    }

    private func write(_ file: String, _ bytes: [UInt8], role: RoleName) throws(TUFError) {
        do {
            try store.write(file, bytes)
        } catch {
            throw TUFError(.store, role: role, file: file, "not written: \(error)", cause: error)
        }
    }

    private func remove(_ role: RoleName) throws(TUFError) {
        do {
            try store.remove(role.storedFile)
        } catch {
            throw TUFError(.store, role: role, file: role.storedFile, "not removed: \(error)", cause: error)
        }
    }
}
