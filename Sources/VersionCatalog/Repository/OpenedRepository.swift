import Documents

/// A repository that was believed, and by what right.
public struct OpenedRepository: Equatable, Sendable {
    public let repository: PublishedRepository
    /// The keys that signed it; empty where it was accepted unsigned.
    public let signedBy: [String]
    /// What reports say of how it came here: that it is unsigned, that anybody on the way can read along.
    public let notes: [String]

    /// Reads what was verified before, or what is believed without.
    public init(bytes: [UInt8], file: String, signedBy: [String], notes: [String] = []) throws(DocumentError) {
        repository = try PublishedRepository(bytes: bytes, file: file)
        self.signedBy = signedBy
        self.notes = notes
    }
}
