import Crypto
import Documents
import TUF

/// A repository in memory whose publisher, and whoever sits between it and the client, are the test's.
final class RepositorySimulator: MetadataFetcher {
    enum Answer {
        case bytes([UInt8])
        case nothing
        /// More than was allowed, whatever that is.
        case endless
        case failure
    }

    struct NoConnection: Error {}

    static let now = WallTime(seconds: 1_900_000_000)
    static let day = 86_400

    var root: RootMetadata
    var targets: TargetsMetadata
    var snapshot: SnapshotMetadata
    var timestamp: TimestampMetadata
    var delegated: [RoleName: TargetsMetadata] = [:]
    var signers: [RoleName: [SigningKey]] = [:]
    /// Whether lengths and digests are announced, not versions alone.
    var announcesDigests = true

    /// What is published, by the file's name.
    private(set) var files: [String: [UInt8]] = [:]
    /// What is given out instead.
    var lies: [String: Answer] = [:]
    private(set) var requests: [String] = []
    private var nextSeed: UInt64 = 1

    init() throws {
        let expires = Self.now + 30 * Self.day
        root = RootMetadata(version: 0, expires: expires, keys: [:], roles: [:])
        targets = TargetsMetadata(version: 0, expires: expires, targets: [:])
        snapshot = SnapshotMetadata(version: 0, expires: expires, files: [:])
        timestamp = TimestampMetadata(version: 0, expires: expires, snapshot: MetadataFileInfo(version: 1))
        for role in RoleName.topLevel { rotate(role) }
        try publish(.root)
        try publish(.targets, .snapshot, .timestamp)
    }

    // MARK: Keys

    func newKey() -> SigningKey {
        defer { nextSeed += 1 }
        return .ed25519(nextSeed)
    }

    /// Gives a top-level role new keys and takes away those that it had. Root itself is signed by both from then on.
    func rotate(_ role: RoleName, count: Int = 1, threshold: Int? = nil) {
        setKeys(role, (0..<count).map { _ in newKey() }, threshold: threshold ?? count)
    }

    func setKeys(_ role: RoleName, _ keys: [SigningKey], threshold: Int) {
        for key in keys { root.keys[key.publicKey.id] = key.publicKey }
        root.roles[role] = RoleKeys(keyIds: keys.map(\.publicKey.id), threshold: threshold)
        signers[role] = keys + (role == .root ? signers[.root] ?? [] : [])
    }

    // MARK: Publishing

    /// Raises the versions of roles, signs them, tells the role above, and gives them out.
    func publish(_ roles: RoleName...) throws {
        for role in roles {
            switch role {
            case .root: root.version += 1
            case .timestamp: timestamp.version += 1
            case .snapshot: snapshot.version += 1
            case .targets: targets.version += 1
            default: delegated[role]?.version += 1
            }
            try serve(role)
        }
    }

    /// The same with the versions as they are.
    func serve(_ role: RoleName) throws {
        switch role {
        case .root: files["\(root.version).root.json"] = try signed(root, by: .root).bytes
        case .timestamp: files["timestamp.json"] = try signed(timestamp, by: .timestamp).bytes
        case .snapshot:
            let bytes = try signed(snapshot, by: .snapshot).bytes
            files[name(role, snapshot.version)] = bytes
            timestamp.snapshot = info(bytes, snapshot.version)
        default:
            let content = delegated[role] ?? targets
            let bytes = try signed(content, by: role).bytes
            files[name(role, content.version)] = bytes
            snapshot.files[role] = info(bytes, content.version)
        }
    }

    func signed<Content>(_ content: Content, by role: RoleName) throws -> SignedMetadata<Content> {
        var metadata = SignedMetadata(content)
        metadata.signatures = try (signers[role] ?? []).map { try $0.signature(over: metadata) }
        return metadata
    }

    private func name(_ role: RoleName, _ version: Int) -> String {
        let file = SafeFileName.encoded(role.text) + ".json"
        return root.consistentSnapshot ? "\(version).\(file)" : file
    }

    private func info(_ bytes: [UInt8], _ version: Int) -> MetadataFileInfo {
        guard announcesDigests else { return MetadataFileInfo(version: version) }
        return MetadataFileInfo(version: version, length: bytes.count, hashes: Self.hashes(bytes))
    }

    static func hashes(_ bytes: [UInt8]) -> ContentHashes {
        ContentHashes(["sha256": hexadecimal(SHA256.hash(data: bytes))])
    }

    static func target(_ text: String) -> TargetFileInfo {
        TargetFileInfo(length: text.utf8.count, hashes: hashes(Array(text.utf8)))
    }

    // MARK: Delegations

    /// Lets one targets role delegate to another, which begins with nothing but these targets.
    func delegate(
        _ delegator: RoleName = .targets, to name: String, _ paths: DelegatedPaths = .patterns(["*"]),
        isTerminating: Bool = false, targets files: [String: TargetFileInfo] = [:]
    ) {
        let role = RoleName(name)
        let key = signers[role]?.first ?? newKey()
        signers[role] = [key]
        if delegated[role] == nil {
            delegated[role] = TargetsMetadata(version: 0, expires: targets.expires, targets: files)
        }
        change(delegator) { content in
            var all: [DelegatedRole] = []
            if case .named(let earlier) = content.delegations?.roles { all = earlier }
            all.append(
                DelegatedRole(
                    name: role, keys: RoleKeys(keyIds: [key.publicKey.id]), paths: paths, isTerminating: isTerminating))
            var keys = content.delegations?.keys ?? [:]
            keys[key.publicKey.id] = key.publicKey
            content.delegations = Delegations(keys: keys, roles: .named(all))
        }
    }

    func change(_ role: RoleName, _ body: (inout TargetsMetadata) -> Void) {
        if role == .targets { return body(&targets) }
        var content = delegated[role] ?? targets
        body(&content)
        delegated[role] = content
    }

    /// Publishes all targets roles, then snapshot and timestamp.
    func publishAll() throws {
        for role in delegated.keys.sorted(by: { $0.text < $1.text }) { try publish(role) }
        try publish(.targets, .snapshot, .timestamp)
    }

    // MARK: Serving

    func fetch(_ fileName: String, limit: Int) throws -> [UInt8]? {
        requests.append(fileName)
        switch lies[fileName] {
        case .bytes(let bytes): return bytes
        case .nothing: return nil
        case .endless: return [UInt8](repeating: UInt8(ascii: " "), count: limit + 1)
        case .failure: throw NoConnection()
        case nil: return files[fileName]
        }
    }

    func forgetRequests() { requests = [] }

    /// Replaces a piece of a published file's text.
    func tamper(_ file: String, _ found: String, _ replacement: String) {
        let text = String(decoding: files[file] ?? [], as: UTF8.self)
        lies[file] = .bytes(Array(text.replacing(found, with: replacement).utf8))
    }

    /// Version 1 of root, which clients begin with.
    var firstRoot: [UInt8] { files["1.root.json"] ?? [] }

    func client(
        _ store: any MetadataStore, now: WallTime = RepositorySimulator.now, limits: ClientLimits = ClientLimits()
    ) throws -> Client {
        try Client(trustedRoot: firstRoot, store: store, fetcher: self, now: now, limits: limits)
    }

    /// One run from the kept metadata to the end of a refresh.
    @discardableResult
    func refresh(_ store: any MetadataStore, now: WallTime = RepositorySimulator.now) throws -> Client {
        var client = try client(store, now: now)
        try client.refresh()
        return client
    }
}

/// The kind of error that an operation ends with; nil when it succeeds.
func failure(_ body: () throws -> Void) -> TUFError.Kind? {
    do {
        try body()
        return nil
    } catch {
        return (error as? TUFError)?.kind
    }
}

extension OverlayStore {
    /// The version of a kept role.
    func version(_ role: RoleName) throws -> Int? {
        guard let bytes = try read("\(role.text).json", limit: 1 << 30) else { return nil }
        return try JSONParser.parse(bytes)["signed"]?["version"]?.integer
    }
}
