import Documents
import LinuxHost
import ReleaseContract

/// What this server remembers of releases that failed here, across restarts: a release that failed after the switch is
/// not tried again before its back-off, an archive that was damaged three times not at all.
public struct FailureMemory: Document, Equatable {
    public static let schemaName = "failures"

    public struct Failure: Equatable, Sendable {
        public var version: ProductVersion
        /// The archive's digest: a release that was published anew is another one.
        public var archive: SHA256Digest
        public var attempts: [String]
        public var last: WallTime
        public var reason: String
    }

    /// Releases that failed after the switch.
    public var releases: [Failure] = []
    /// Archives whose content was not what its publisher listed.
    public var archives: [Failure] = []
    /// Releases whose upgrade was aborted after synchronization had been paused. It does not speak against the release;
    /// but a pause at every run of cron, for nothing, is no upgrade either.
    public var pauses: [Failure] = []
    public var unknown: [String: JSONValue] = [:]

    /// Hours before the next try, by the number of failures so far; the last one holds for all further ones.
    public static let backOffHours = [8, 12, 24, 48, 96, 168, 252, 336]
    public static let damagedArchivesUntilBad = 3
    /// The reason of a rollback that a person asked for: no time heals that.
    public static let byHand = "RolledBackByHand"
    /// Minutes before the next try after an aborted pause, by the number of them so far; the first is tried again at once.
    public static let pauseBackOffMinutes = [0, 10, 30, 60, 120, 240, 480]

    public init() {}

    public init(fields: inout FieldReader) throws(DocumentError) {
        for var entry in try fields.objects("releases") { releases.append(try Self.failure(&entry)) }
        for var entry in try fields.objects("archives") { archives.append(try Self.failure(&entry)) }
        // Not in the files of the first programs.
        if fields.optional("pauses") != nil {
            for var entry in try fields.objects("pauses") { pauses.append(try Self.failure(&entry)) }
        }
    }

    private static func failure(_ entry: inout FieldReader) throws(DocumentError) -> Failure {
        Failure(
            version: try entry.version("version"), archive: try entry.digest("archive"),
            attempts: try entry.strings("attempts"), last: try entry.time("last"), reason: try entry.string("reason"))
    }

    public var members: [String: JSONValue] {
        func list(_ failures: [Failure]) -> JSONValue {
            .array(
                failures.map {
                    [
                        "version": .string($0.version.description), "archive": .string($0.archive.hexadecimal),
                        "attempts": .array($0.attempts.map { .string($0) }), "last": .string($0.last.description),
                        "reason": .string($0.reason),
                    ]
                })
        }
        return ["releases": list(releases), "archives": list(archives), "pauses": list(pauses)]
    }

    /// Why a release is not tried now; nil when it may be.
    public func withheld(_ version: ProductVersion, archive: SHA256Digest, now: WallTime) -> String? {
        if let damaged = archives.first(where: { $0.archive == archive }),
            damaged.attempts.count >= Self.damagedArchivesUntilBad
        {
            return "its archive was damaged \(damaged.attempts.count) times (\(damaged.reason)); it needs a new one"
        }
        if let own = releases.first(where: { $0.version == version && $0.reason == Self.byHand }) {
            return "an administrator went back from it on \(own.last); '--retry-failed' upgrades to it again"
        }
        func waiting(_ list: [Failure], _ seconds: [Int], _ what: String) -> String? {
            guard let failure = list.first(where: { $0.version == version && $0.archive == archive }) else {
                return nil
            }
            let next = failure.last + seconds[min(failure.attempts.count, seconds.count) - 1]
            guard now < next else { return nil }
            return "\(what) \(failure.attempts.count) times, last with \(failure.reason); next try after \(next)"
        }
        return waiting(releases, Self.backOffHours.map { $0 * 3600 }, "it failed here")
            ?? waiting(pauses, Self.pauseBackOffMinutes.map { $0 * 60 }, "its upgrade was aborted during the pause")
    }

    /// Remembers a failure of an attempt; the same attempt counts once, however often it is told.
    public mutating func remember(
        _ list: WritableKeyPath<FailureMemory, [Failure]>, version: ProductVersion, archive: SHA256Digest,
        attempt: String, reason: String, now: WallTime
    ) {
        if let index = self[keyPath: list].firstIndex(where: { $0.version == version && $0.archive == archive }) {
            guard !self[keyPath: list][index].attempts.contains(attempt) else { return }
            self[keyPath: list][index].attempts.append(attempt)
            self[keyPath: list][index].last = now
            self[keyPath: list][index].reason = reason
        } else {
            self[keyPath: list].append(
                Failure(version: version, archive: archive, attempts: [attempt], last: now, reason: reason))
        }
    }

    public mutating func forget(_ version: ProductVersion) {
        releases.removeAll { $0.version == version }
        archives.removeAll { $0.version == version }
        pauses.removeAll { $0.version == version }
    }

    public static func read(_ layout: ServerLayout) throws -> FailureMemory {
        guard let bytes = try DurableFiles.read(layout.failureMemory) else { return FailureMemory() }
        return try FailureMemory(bytes: bytes, file: layout.failureMemory)
    }

    public func write(_ layout: ServerLayout) throws {
        try DurableFiles.replace(layout.failureMemory, json.pretty, mode: 0o644)
    }
}
