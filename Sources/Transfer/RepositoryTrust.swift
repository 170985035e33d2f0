import Documents
import LinuxHost
import TUF

/// Root metadata that an administrator, or the package, has put on this machine: all trust in a repository follows from
/// it.
public struct PinnedRoot: Equatable, Sendable {
    /// Where it lies.
    public let path: String
    public let bytes: [UInt8]

    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Names the folder of what was verified with it: another pinned root begins anew.
    public var identifier: String { String(FileDigest.sha256(bytes).hexadecimal.prefix(16)) }
}

/// By what right a repository is believed.
public enum RepositoryTrust: Sendable {
    /// By signatures that follow from a pinned root. What was verified before lies below `folder`; a dry run leaves it as
    /// it is.
    case signed(PinnedRoot, folder: String, keeps: Bool)
    /// By an explicit setting, and only a folder of this machine.
    case unsignedFolder
    /// Not at all: nobody has pinned a root. `path` is where one is expected.
    case nothing(path: String)
}

/// The latest time that a repository's signatures have confirmed. A clock that is set back cannot make metadata fresh
/// that had expired before.
public struct ConfirmedTime {
    public static let fileName = "confirmed-time.json"
    static let schema = "confirmed-time/1"

    /// A newer time is kept when it is this much newer: a run with nothing to do writes nothing.
    private static let stepSeconds = 6 * 3600

    private let store: any MetadataStore

    public init(_ store: any MetadataStore) { self.store = store }

    /// nil where nothing was ever confirmed, or where that cannot be read any more.
    public var confirmed: WallTime? {
        guard let bytes = try? store.read(Self.fileName, limit: 4096), let json = try? JSONParser.parse(bytes),
            json["schema"]?.string == Self.schema
        else { return nil }
        return json["time"]?.string.flatMap { WallTime($0) }
    }

    /// The clock's time, or the confirmed one where that is later.
    func now(_ clock: WallTime) -> WallTime { confirmed.map { max(clock, $0) } ?? clock }

    /// To be called when fresh metadata was verified at this time.
    func confirm(_ time: WallTime) throws {
        if let confirmed, time - confirmed < Self.stepSeconds { return }
        let document: JSONValue = ["schema": .string(Self.schema), "time": .string(time.description)]
        try store.write(Self.fileName, document.pretty)
    }
}
