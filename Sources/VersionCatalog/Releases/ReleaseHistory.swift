import Documents

/// A day from which servers below a version stop working.
public struct HardStop: Equatable, Sendable {
    public var below: ProductVersion
    public var from: ReleaseDate
    public var effect: String
}

/// `catalog/releases.json`: the releases of one product, newest first.
public struct ReleaseHistory: Equatable, Sendable {
    public static let schema = "release-history/2"
    public static let autoUpgradeChannel = "auto-upgrade"
    public static let downloadChannel = "download"
    /// Some tenants were served that nobody named: no server can count on it.
    public static let selectTenantsChannel = "select-tenants"
    static let channels: Set<String> = [autoUpgradeChannel, downloadChannel, selectTenantsChannel]

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
            if let released = release.released, released > knownUntil {
                throw element.failure("released", "\(released) is after \(knownUntil), where the history ends")
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
