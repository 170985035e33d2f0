import Documents
import LinuxHost
import ReleaseContract
import Transfer
import VersionCatalog

/// A published repository reached through libcurl, believed as far as its signatures and digests go.
public struct RepositorySource: ReleaseSource {
    public let name: String
    private let client: RepositoryClient
    /// Named by a person for this call, so that bad content is that person's input.
    private let isNamed: Bool

    /// - Parameter keepsMetadata: false for a dry run, which leaves what was verified before as it is.
    public init(
        _ name: String, isNamed: Bool, keepsMetadata: Bool, layout: ServerLayout, configuration: UpgraderConfiguration,
        clock: any Clock
    ) throws {
        self.name = name
        self.isNamed = isNamed
        let trust = try RepositoryPolicy.trust(layout, configuration, keepsMetadata: keepsMetadata)
        do {
            // The mirrors are of the configured repository; a person who names one means that one.
            client = try RepositoryClient(
                locations: [name] + (isNamed ? [] : configuration.mirrors), trust: trust,
                downloader: try Downloader(settings: configuration.transferSettings, clock: clock), clock: clock)
        } catch {
            throw Self.translated(error, isNamed: isNamed)
        }
    }

    public var remarks: [String] { client.remarks }

    public func open() throws -> OpenedRepository {
        do {
            return try client.repository(shouldStop: { Termination.requested != nil })
        } catch {
            throw Self.translated(error, isNamed: isNamed)
        }
    }

    public func offer(_ release: PublishedRelease, of repository: PublishedRepository) throws -> Offer {
        do {
            let fetched = try client.release(release, of: repository)
            return Offer(
                published: release, manifest: fetched.manifest, chunks: fetched.chunks, manifestBytes: fetched.document,
                archivePath: fetched.archivePath)
        } catch {
            throw Self.translated(error, isNamed: isNamed)
        }
    }

    public func fetch(
        archive path: String, chunks: ChunkList, into folder: String,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool, progress: @escaping (Int, Int) -> Void
    ) throws -> String {
        do {
            return try client.archive(
                path, chunks: chunks, into: folder, receive: receive,
                progress: { progress($0.received, $0.total) }, shouldStop: { Termination.requested != nil }
            ).path
        } catch {
            throw Self.failure(error)
        }
    }

    /// What was fetched and is bad is tried again later; what a person named and is bad is that person's to mend.
    private static func translated(_ error: TransferError, isNamed: Bool) -> any Error {
        // A file that the configuration names is the administrator's to mend.
        if error.kind == .badSetting { return CommandError(ExitStatus.badInput, error.description) }
        guard isNamed else { return failure(error) }
        let status: Int32? =
            switch error.kind {
            case .badDocument, .badAddress, .notTrusted, .stale: ExitStatus.badInput
            case .notFound: ExitStatus.noInput
            default: nil
            }
        guard let status else { return failure(error) }
        return CommandError(status, error.description)
    }

    private static func failure(_ error: TransferError) -> StepFailure {
        StepFailure(reason(error.kind), error.description, obstacle: RepositoryAccess.obstacle(error.kind))
    }

    private static func reason(_ kind: TransferError.Kind) -> String {
        switch kind {
        case .nameNotResolved: "NameNotResolved"
        case .proxyNameNotResolved: "ProxyNameNotResolved"
        case .cannotConnect: "CannotConnect"
        case .forbidden: "UrlBlocked"
        case .proxyAuthenticationRequired: "ProxyCredentialsRequired"
        case .certificateRefused, .clientCertificateRefused, .encryptionFailed: "EncryptionFailed"
        case .encryptionTooOld: "TlsVersionIncorrect"
        case .timedOut, .outOfTime: "TransferTimedOut"
        case .notTrusted: "RepositoryNotTrusted"
        case .stale: "RepositoryExpired"
        case .damagedChunk, .wrongContent: "PackageDamaged"
        case .file(let error): StepFailure(from: error).reason
        default: "TransferFailed"
        }
    }
}
