import Documents

/// What a publisher says about one release beside what the release says itself.
public struct ChannelEntry: Equatable, Sendable {
    public var channels: [String]
    public var released: WallTime
    public var withdrawn: String?
    public var notes: String?
    public var risks: [JSONValue]
    /// Fields that were read and not understood.
    public var unknown: [String: JSONValue] = [:]

    public init(
        channels: [String], released: WallTime, withdrawn: String? = nil, notes: String? = nil, risks: [JSONValue] = []
    ) {
        self.channels = channels
        self.released = released
        self.withdrawn = withdrawn
        self.notes = notes
        self.risks = risks
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        channels = try fields.strings("channels")
        released = try fields.time("released")
        withdrawn = try fields.optionalString("withdrawn")
        notes = try fields.optionalString("notes")
        risks = try fields.optional("risks") == nil ? [] : fields.array("risks")
        unknown = fields.unknown
    }

    var json: JSONValue {
        var all = unknown
        all["channels"] = .array(channels.map { .string($0) })
        all["released"] = .string(released.description)
        all["withdrawn"] = withdrawn.map { .string($0) }
        all["notes"] = notes.map { .string($0) }
        if !risks.isEmpty { all["risks"] = .array(risks) }
        return .object(all)
    }
}

/// `channels/1`: a publisher's file beside the releases: in which channels each is, since when, and which is withdrawn.
public struct ChannelList: Document, Equatable {
    public static let schemaName = "channels"
    /// Its name in a repository's folder.
    public static let fileName = "channels.json"

    public var releases: [ProductVersion: ChannelEntry]
    public var unknown: [String: JSONValue] = [:]

    public init(releases: [ProductVersion: ChannelEntry] = [:]) { self.releases = releases }

    public init(fields: inout FieldReader) throws(DocumentError) {
        releases = [:]
        var inner = try fields.object("releases")
        for name in inner.unknown.keys.sorted() {
            guard let version = ProductVersion(name) else {
                throw inner.failure(name, "expected a version of four numbers like 1.1.750.0 as the name")
            }
            var entry = try inner.object(name)
            releases[version] = try ChannelEntry(fields: &entry)
        }
    }

    public var members: [String: JSONValue] {
        [
            "releases": .object(
                Dictionary(uniqueKeysWithValues: releases.map { ($0.key.description, $0.value.json) }))
        ]
    }
}
