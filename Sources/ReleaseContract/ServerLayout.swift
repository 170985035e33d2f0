import Documents

/// Where everything of a server lies below one root (docs/release-contract.md, "Folders of a server").
public struct ServerLayout: Equatable, Sendable {
    /// Without a slash at the end; empty for `/`.
    private let prefix: String

    public init(root: String) {
        var root = root
        while root.hasSuffix("/") { root.removeLast() }
        prefix = root
    }

    public var root: String { prefix.isEmpty ? "/" : prefix }

    public var releases: String { "\(prefix)/opt/adsync/releases" }
    public func release(_ version: ProductVersion) -> String { "\(releases)/\(version)" }
    /// Where an archive is unpacked before it is verified and renamed into its place.
    public func quarantine(_ attempt: String) -> String { "\(releases)/.quarantine-\(attempt)" }

    public var service: String { "\(prefix)/var/lib/adsync" }
    public var generations: String { "\(service)/gen" }
    public func generation(_ number: Int) -> String { "\(generations)/\(number)" }
    public func data(_ number: Int) -> String { "\(generation(number))/data" }
    public func trialMark(_ number: Int) -> String { "\(data(number))/trial.json" }
    public func releaseLink(_ number: Int) -> String { "\(generation(number))/release" }
    public static func releaseLinkTarget(_ version: ProductVersion) -> String {
        "../../../../../opt/adsync/releases/\(version)"
    }

    public var current: String { "\(service)/current" }
    public static func currentTarget(_ generation: Int) -> String { "gen/\(generation)" }
    public var lease: String { "\(service)/lease.json" }
    public var leaseLock: String { "\(service)/lease.lock" }
    /// What the rescuer leaves for the journal after it has acted.
    public var rescueRecord: String { "\(service)/rescued.json" }
    public var operationLock: String { "\(service)/operation.lock" }
    /// Says which management console is open; missing or empty while none is.
    public var consoleLock: String { "\(service)/console.lock" }
    public var serviceProcess: String { "\(service)/serve.json" }
    public var serviceLog: String { "\(prefix)/var/log/adsync/serve.log" }

    public var serviceConfiguration: String { "\(prefix)/etc/adsync" }
    public var upgraderConfiguration: String { "\(prefix)/etc/aadc-upgrade" }
    /// The root metadata whose keys this server believes.
    public var trustedRoot: String { "\(upgraderConfiguration)/trusted-root.json" }
    /// The one that is installed with the package, where the administrator has not pinned another.
    public var packagedRoot: String { "\(prefix)/usr/share/aadc-upgrade/trusted-root.json" }

    public var upgrader: String { "\(prefix)/var/lib/aadc-upgrade" }
    public var attempts: String { "\(upgrader)/attempts" }
    public func attempt(_ id: String) -> String { "\(attempts)/\(id)" }
    public var downloads: String { "\(upgrader)/downloads" }
    /// What an installed release was made from: its two documents and its archive, to verify and to restore it with.
    public func origin(_ version: ProductVersion) -> String { "\(downloads)/\(version)" }
    /// What a repository's signatures have proven so far, one folder per pinned root.
    public var metadata: String { "\(upgrader)/metadata" }
    public var runLock: String { "\(upgrader)/run.lock" }
    public var failureMemory: String { "\(upgrader)/failures.json" }
    /// Verdicts of checks that refused, one line per change.
    public var verdicts: String { "\(upgrader)/verdicts.jsonl" }
    /// Set after an inconsistent end; `repair` lifts it.
    public var latch: String { "\(upgrader)/inconsistent.json" }
}
