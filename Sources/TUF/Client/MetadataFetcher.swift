/// Gets metadata files from a repository.
public protocol MetadataFetcher {
    /// - Parameters:
    ///   - fileName: below the metadata's address, percent-encoded already, such as `3.root.json`.
    ///   - limit: more bytes than this need not be received. A fetcher that stops there throws ``AnswerTooLong``.
    /// - Returns: nil when the repository has no such file.
    func fetch(_ fileName: String, limit: Int) throws -> [UInt8]?
}

/// A file is longer than it may be: an endless answer, or a lie about a length.
public struct AnswerTooLong: Error, Equatable, Sendable {
    public init() {}
}
