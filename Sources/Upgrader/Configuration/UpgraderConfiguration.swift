import Documents
import LinuxHost
import ReleaseContract
import Transfer

/// `etc/aadc-upgrade/config.json` with its drop-ins `config.d/*.json`, read in name order; a later file's fields win.
public struct UpgraderConfiguration: Equatable, Sendable {
    /// Where the published repository is: a folder, or a `file:`, `http:` or `https:` URL.
    public var repository: String?
    /// Where the same repository is too, in the order in which they are asked.
    public var mirrors: [String] = []
    public var channel = "auto-upgrade"
    /// An unsigned repository is refused without this, and named in every report with it.
    public var allowUnsigned = false
    /// The proxy for downloads, as a URL; nil for what the environment says (`https_proxy`, `no_proxy`), empty for none.
    public var proxy: String?
    /// Hosts that are reached without the configured proxy, as in `no_proxy`.
    public var noProxy = ""
    /// Seconds after which the proxy ends a connection that carries nothing; nil where nobody stated it.
    public var proxyIdleSeconds: Int?
    /// Known risks that are taken, by name.
    public var acceptedRisks: Set<String> = []
    /// A file of certificate authorities instead of the system's.
    public var certificateAuthorities: String?
    /// Files with this machine's certificate and key for repositories that want them, and with the key's password.
    public var clientCertificate: String?
    public var clientKey: String?
    public var clientKeyPasswordFile: String?
    /// A file with `user:password` for the proxy.
    public var proxyCredentialsFile: String?
    /// How long synchronization may stay paused when nobody renews the lease.
    public var leaseSeconds = 900
    /// How long a running cycle is awaited at the pause.
    public var idleWaitSeconds = 1800
    /// Whole cycles that must end well before an upgrade is final: the full one that changed rules ask for, and one more.
    public var observedCycles = 2
    /// How long those cycles may take before the upgrade counts as failed.
    public var observationSeconds = 6 * 3600
    public var generationsKept = 2
    public var releasesKept = 3
    /// Bytes that must stay free beside what the upgrade needs.
    public var freeDiskReserve = 256 << 20
    /// Starts of the new service before the upgrade counts as failed; a first start that fails often passes the second
    /// time.
    public var startTries = 3
    public var startWaitSeconds = 120
    /// Time between SIGTERM and SIGKILL when the service is stopped.
    public var stopWaitSeconds = 60
    /// The systemd unit of the service, where systemd runs it.
    public var unit: String?
    /// How fast downloads may be; 0 for as fast as they come.
    public var bandwidthBytesPerSecond = 0
    /// How long a download may be slower than this.
    public var lowSpeedSeconds = 300
    public var lowSpeedBytesPerSecond = 1
    public var connectSeconds = 300
    /// For one document; for one try at an archive; for all of them together.
    public var documentSeconds = 600
    public var transferSeconds = 6 * 3600
    public var transferTotalSeconds = 24 * 3600
    /// Failures of one mirror in a row that end a download from it.
    public var transferTries = 4

    public init() {}

    /// Reads the configuration of a server; one without any has the defaults.
    public static func read(_ layout: ServerLayout) throws -> UpgraderConfiguration {
        let folder = layout.upgraderConfiguration
        var configuration = UpgraderConfiguration()
        var files = ["\(folder)/config.json"]
        let dropIns = try DurableFiles.list("\(folder)/config.d") ?? []
        files += dropIns.filter { $0.hasSuffix(".json") }.map { "\(folder)/config.d/\($0)" }
        for file in files {
            guard let bytes = try DurableFiles.read(file, limit: 1 << 20) else { continue }
            try configuration.merge(bytes, file: file)
        }
        return configuration
    }

    mutating func merge(_ bytes: [UInt8], file: String) throws(DocumentError) {
        let json = try JSONValue(bytes: bytes, file: file)
        var fields = try FieldReader(json, file: file)
        let schema = try fields.string("schema")
        guard schema == "upgrader-config/1" else {
            throw fields.failure("schema", "expected \"upgrader-config/1\", found \"\(schema)\"")
        }
        if let value = try fields.optionalString("repository") { repository = value }
        if let value = try fields.optionalString("channel") { channel = value }
        if let value = try fields.optionalBool("allowUnsigned") { allowUnsigned = value }
        for (key, path) in Self.texts {
            if let value = try fields.optionalString(key) { self[keyPath: path] = value }
        }
        if let value = try fields.optionalString("noProxy") { noProxy = value }
        if fields.optional("mirrors") != nil { mirrors = try Self.addresses("mirrors", &fields) }
        if fields.optional("acceptedRisks") != nil { acceptedRisks = Set(try fields.strings("acceptedRisks")) }
        if let value = try fields.optionalInteger("proxyIdleSeconds") {
            guard value > 0 else {
                throw fields.failure("proxyIdleSeconds", "expected seconds above 0, found \(value)")
            }
            proxyIdleSeconds = value
        }
        for (key, path, range) in Self.numbers {
            guard let value = try fields.optionalInteger(key) else { continue }
            guard range.contains(value) else {
                throw fields.failure(
                    key, "expected a number from \(range.lowerBound) to \(range.upperBound), found \(value)")
            }
            self[keyPath: path] = value
        }
        if let stranger = fields.unknown.keys.sorted().first {
            throw fields.failure(
                stranger,
                "no such setting; known are repository, channel, allowUnsigned, mirrors, noProxy, proxyIdleSeconds, "
                    + "acceptedRisks, " + (Self.texts.map(\.0) + Self.numbers.map(\.0)).joined(separator: ", "))
        }
    }

    private static func addresses(_ key: String, _ fields: inout FieldReader) throws(DocumentError) -> [String] {
        let texts = try fields.strings(key)
        for (index, text) in texts.enumerated() {
            do throws(TransferError) {
                _ = try TransferAddress(text)
            } catch {
                throw fields.failure("\(key)[\(index)]", "\(error.detail): \(error.advice)")
            }
        }
        return texts
    }

    private static var texts: [(String, WritableKeyPath<UpgraderConfiguration, String?>)] {
        [
            ("unit", \.unit), ("proxy", \.proxy), ("proxyCredentialsFile", \.proxyCredentialsFile),
            ("certificateAuthorities", \.certificateAuthorities), ("clientCertificate", \.clientCertificate),
            ("clientKey", \.clientKey), ("clientKeyPasswordFile", \.clientKeyPasswordFile),
        ]
    }

    private static var numbers: [(String, WritableKeyPath<UpgraderConfiguration, Int>, ClosedRange<Int>)] {
        [
            ("leaseSeconds", \.leaseSeconds, 1...86_400),
            ("idleWaitSeconds", \.idleWaitSeconds, 0...86_400),
            ("observedCycles", \.observedCycles, 1...100),
            ("observationSeconds", \.observationSeconds, 1...30 * 86_400),
            ("generationsKept", \.generationsKept, 2...100),
            ("releasesKept", \.releasesKept, 2...100),
            ("freeDiskReserve", \.freeDiskReserve, 0...1 << 50),
            ("startTries", \.startTries, 1...20),
            ("startWaitSeconds", \.startWaitSeconds, 1...3600),
            ("stopWaitSeconds", \.stopWaitSeconds, 1...3600),
            ("bandwidthBytesPerSecond", \.bandwidthBytesPerSecond, 0...1 << 40),
            ("lowSpeedSeconds", \.lowSpeedSeconds, 1...86_400),
            ("lowSpeedBytesPerSecond", \.lowSpeedBytesPerSecond, 1...1 << 30),
            ("connectSeconds", \.connectSeconds, 1...3600),
            ("documentSeconds", \.documentSeconds, 1...86_400),
            ("transferSeconds", \.transferSeconds, 1...7 * 86_400),
            ("transferTotalSeconds", \.transferTotalSeconds, 1...30 * 86_400),
            ("transferTries", \.transferTries, 1...100),
        ]
    }
}
