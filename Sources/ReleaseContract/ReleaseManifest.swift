import Documents

/// The epochs of the data's schema that a release can read, and the one that it writes.
public struct DataSchema: Equatable, Sendable {
    public var reads: [Int]
    public var writes: Int

    public init(reads: [Int], writes: Int) {
        self.reads = reads
        self.writes = writes
    }
}

/// A part of a release with a version of its own, such as the health agent.
public struct ReleaseComponent: Equatable, Sendable {
    public var name: String
    public var version: ProductVersion

    public init(name: String, version: ProductVersion) {
        self.name = name
        self.version = version
    }
}

/// How one verb of the contract is called.
public struct ControlCommand: Equatable, Sendable {
    /// The program's path inside the release, then its first arguments.
    public var argv: [String]
    public var timeoutSeconds: Int

    public init(argv: [String], timeoutSeconds: Int) {
        self.argv = argv
        self.timeoutSeconds = timeoutSeconds
    }
}

/// `release.json`: what a release is, what it needs, every file in it and how it is operated.
public struct ReleaseManifest: Document, Equatable {
    public static let schemaName = "release"
    /// The version of the release contract that this program knows.
    public static let knownContract = 1
    /// The name of the document inside a release; it does not list itself.
    public static let fileName = "release.json"

    public var product: String
    public var version: ProductVersion
    public var platform: String
    public var contract: Int
    /// The oldest version that this release upgrades from.
    public var upgradesFrom: ProductVersion
    public var dataSchema: DataSchema
    /// Every file but `release.json`, in byte order of the paths when this project wrote it.
    public var files: [ReleaseFile]
    /// What the release needs on disk beside its own files.
    public var freeDiskBytes: Int
    /// Names of settings that the release may change; a trailing `*` makes the name a prefix.
    public var settingsChanged: [String]
    public var components: [ReleaseComponent]
    public var requiresFullImport = false
    public var requiresFullSynchronization = false
    public var notes: String?
    public var commands: [ControlVerb: ControlCommand]
    /// Commands whose verbs this program does not know, as they were read.
    public var otherCommands: [String: JSONValue] = [:]
    public var unknown: [String: JSONValue] = [:]

    public init(
        product: String, version: ProductVersion, platform: String, contract: Int = knownContract,
        upgradesFrom: ProductVersion, dataSchema: DataSchema, files: [ReleaseFile], freeDiskBytes: Int,
        settingsChanged: [String] = [], components: [ReleaseComponent] = [],
        commands: [ControlVerb: ControlCommand]
    ) {
        self.product = product
        self.version = version
        self.platform = platform
        self.contract = contract
        self.upgradesFrom = upgradesFrom
        self.dataSchema = dataSchema
        self.files = files
        self.freeDiskBytes = freeDiskBytes
        self.settingsChanged = settingsChanged
        self.components = components
        self.commands = commands
    }

    /// The sum of the files' sizes, without `release.json`.
    public var unpackedBytes: Int { files.reduce(0) { $0 + $1.size } }
    public var fileCount: Int { files.count }

    /// Whether the release declares that it may change this setting.
    public func mayChange(setting name: String) -> Bool {
        settingsChanged.contains { declared in
            declared.hasSuffix("*") ? name.hasPrefix(declared.dropLast()) : name == declared
        }
    }
}
