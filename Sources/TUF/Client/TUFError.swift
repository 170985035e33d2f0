/// Why metadata or a target file is not believed, or could not be had: what happened, to which role, in which file, and
/// what to do.
public struct TUFError: Error, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// Too few of the role's keys have signed.
        case signature
        /// Older than what was seen before.
        case rollback
        /// Past its time: a repository that nobody renews, or one that is withheld from this client.
        case expired
        /// Not the file that the role above it announced.
        case mixAndMatch
        /// Longer than the limit or the announced length.
        case tooLarge
        /// Not as the specification says.
        case form
        /// No trusted role names this target file.
        case unknownTarget
        /// The search for a target file passed through too many roles.
        case tooManyDelegations
        /// A target file has not the signed length or digests.
        case content
        /// The repository does not have a file that it must have.
        case missing
        /// The fetcher failed; ``TUFError/cause`` is its error.
        case fetch
        /// The store failed, or has no trusted root.
        case store
    }

    /// How a caller should take it.
    public enum Nature: Equatable, Sendable {
        /// The repository, or something on the way, gives out what must not be believed: damage or an attack.
        case untrusted
        /// Once right, and now too old to act on: the publisher must renew it, or somebody withholds the newer one.
        case stale
        /// Nothing is known to be wrong with the repository; the same may succeed later or after a repair here.
        case obstacle
        /// The question has no answer: the repository is sound and has no such file.
        case noSuchTarget
    }

    public let kind: Kind
    public let role: RoleName
    /// As it is called in the repository or the store.
    public let file: String
    /// What was expected and what was found.
    public let problem: String
    public let cause: (any Error)?

    public init(_ kind: Kind, role: RoleName, file: String, _ problem: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.role = role
        self.file = file
        self.problem = problem
        self.cause = cause
    }

    public var nature: Nature {
        switch kind {
        case .signature, .rollback, .mixAndMatch, .tooLarge, .form, .tooManyDelegations, .content: .untrusted
        case .expired: .stale
        case .missing, .fetch, .store: .obstacle
        case .unknownTarget: .noSuchTarget
        }
    }

    public var description: String { "\(file): \(problem); \(advice)" }

    /// What a person can do.
    public var advice: String {
        switch kind {
        case .signature: "do not use it; ask the publisher whether keys were changed, over another channel"
        case .rollback, .mixAndMatch: "do not use it; try another mirror, and tell the publisher if all say the same"
        case .expired: "check this machine's clock, then ask the publisher to renew it"
        case .tooLarge, .form, .tooManyDelegations, .content:
            "the repository or the way to it is damaged; try another mirror, then tell the publisher"
        case .unknownTarget: "check the name; nothing with this name is signed"
        case .missing: "check the address; the repository may be in the middle of being published"
        case .fetch: "check the connection and try again"
        case .store: "check the folder of the metadata and its rights, and set up the trusted root if it is not there"
        }
    }
}
