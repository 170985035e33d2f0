import TUF

/// Metadata files of a repository through libcurl.
public struct MetadataDownload: MetadataFetcher {
    /// Where the metadata files lie.
    private let locations: [TransferAddress]
    private let downloader: Downloader
    private let shouldStop: () -> Bool

    public init(
        _ locations: [TransferAddress], _ downloader: Downloader, shouldStop: @escaping () -> Bool = { false }
    ) {
        self.locations = locations
        self.downloader = downloader
        self.shouldStop = shouldStop
    }

    public func fetch(_ fileName: String, limit: Int) throws -> [UInt8]? {
        do throws(TransferError) {
            return try downloader.fetchDocument(
                locations.map { $0.appending(encoded: fileName) }, limit: limit, shouldStop: shouldStop)
        } catch {
            switch error.kind {
            case .notFound: return nil
            // Some stores answer so for what is not there, and a next root is asked for that mostly is not.
            case .forbidden where fileName.hasSuffix(".\(RoleName.root.fileName)"): return nil
            case .tooLarge: throw AnswerTooLong()
            default: throw error
            }
        }
    }
}
