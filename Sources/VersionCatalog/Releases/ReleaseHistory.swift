import Documents

/// A day, or only a month where the day is not known.
public struct ReleaseDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int?

    /// Reads `2026-02-09` or `2026-02`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard bytes.count == 7 || bytes.count == 10 else { return nil }
        // The wall clock's reader knows the calendar.
        guard WallTime((bytes.count == 7 ? text + "-01" : text) + "T00:00:00Z") != nil,
            let year = number(0..<4), let month = number(5..<7)
        else { return nil }
        self.year = year
        self.month = month
        day = bytes.count == 10 ? number(8..<10) : nil
    }

    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))" + (day.map { "-" + two($0) } ?? "")
    }

    /// A month whose day is not known comes before its days.
    public static func < (left: ReleaseDate, right: ReleaseDate) -> Bool {
        (left.year, left.month, left.day ?? 0) < (right.year, right.month, right.day ?? 0)
    }
}

/// One release of the real history.
public struct HistoricRelease: Equatable, Sendable {
    public var version: ProductVersion
    /// The spelling of the published history, where it differs (`1.0.419.0911`).
    public var publishedAs: String?
    /// nil where no date was published.
    public var released: ReleaseDate?
    public var channels: [String]
    public var autoUpgradeFrom: ReleaseDate?
    public var autoUpgradeUntil: ReleaseDate?
    public var isSecurityRelease: Bool
    public var retired: ReleaseDate?
    /// What the retirement date rests on.
    public var retiredBasis: String?
    public var minimumSystem: String?
    /// Why nobody should have it, where it was withdrawn.
    public var withdrawn: String?
    public var note: String?
}

/// A day from which servers below a version stop working.
public struct HardStop: Equatable, Sendable {
    public var below: ProductVersion
    public var from: ReleaseDate
    public var effect: String
}

/// `catalog/releases.json`: the releases of one product, newest first.
public struct ReleaseHistory: Equatable, Sendable {
    public static let schema = "release-history/1"
    public static let autoUpgradeChannel = "auto-upgrade"
    public static let downloadChannel = "download"
    static let channels: Set<String> = [autoUpgradeChannel, downloadChannel, "select-tenants"]

    public let product: String
    /// The newest event that the history has.
    public let knownUntil: ReleaseDate
    public let hardStops: [HardStop]
    public let releases: [HistoricRelease]

    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        var fields = try CatalogFile.open(bytes, file: file, schema: Self.schema)
        product = try fields.string("product")
        knownUntil = try fields.date("knownUntil")
        var stops: [HardStop] = []
        for element in try fields.objects("hardStops") { stops.append(try HardStop(element)) }
        var read: [HistoricRelease] = []
        for element in try fields.objects("releases") {
            let release = try HistoricRelease(element)
            if let last = read.last, last.version <= release.version {
                throw element.failure("version", "expected one below \(last.version), found \(release.version)")
            }
            read.append(release)
        }
        try CatalogFile.refuseStrangers(fields)
        hardStops = stops
        releases = read
    }

    public subscript(_ version: ProductVersion) -> HistoricRelease? { releases.first { $0.version == version } }

    /// The history as the choice of a candidate sees it.
    public var offered: [OfferedRelease] {
        releases.map {
            OfferedRelease(product: product, version: $0.version, channels: $0.channels, withdrawn: $0.withdrawn)
        }
    }
}

extension HardStop {
    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        below = try fields.version("below")
        from = try fields.date("from")
        effect = try fields.string("effect")
        try CatalogFile.refuseStrangers(fields)
    }
}

extension HistoricRelease {
    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        version = try fields.version("version")
        publishedAs = try fields.optionalString("publishedAs")
        released = try fields.optionalDate("released")
        channels = try fields.strings("channels")
        if let stranger = channels.first(where: { !ReleaseHistory.channels.contains($0) }) {
            throw fields.failure("channels", "no such channel: \"\(stranger)\"")
        }
        autoUpgradeFrom = try fields.optionalDate("autoUpgradeFrom")
        autoUpgradeUntil = try fields.optionalDate("autoUpgradeUntil")
        isSecurityRelease = try fields.bool("security")
        retired = try fields.optionalDate("retired")
        retiredBasis = try fields.optionalString("retiredBasis")
        guard (retired == nil) == (retiredBasis == nil) else {
            throw fields.failure("retiredBasis", "retired and retiredBasis stand together")
        }
        minimumSystem = try fields.optionalString("minimumSystem")
        withdrawn = try fields.optionalString("withdrawn")
        guard withdrawn == nil || channels.isEmpty else {
            throw fields.failure("channels", "a withdrawn release is in no channel")
        }
        note = try fields.optionalString("note")
        try CatalogFile.refuseStrangers(fields)
    }
}

extension FieldReader {
    mutating func date(_ key: String) throws(DocumentError) -> ReleaseDate {
        try parsed(key, "a date like 2026-02-09 or 2026-02", { ReleaseDate($0) })
    }

    mutating func optionalDate(_ key: String) throws(DocumentError) -> ReleaseDate? {
        optional(key) == nil ? nil : try date(key)
    }
}
