/// How much a client takes from a repository before it gives up.
public struct ClientLimits: Equatable, Sendable {
    /// Bytes of each role's file where the role above does not announce its length.
    public var root = 512_000
    public var timestamp = 16_384
    public var snapshot = 2_000_000
    public var targets = 5_000_000
    /// Bytes of any metadata file, whatever length is announced: whoever signs the timestamp must not be able to fill
    /// this machine.
    public var announced = 64_000_000
    /// New versions of root in one refresh; the next one continues (specification, 5.3.3).
    public var rootUpdates = 256
    /// Delegated roles that one search passes through (specification, 5.6.7).
    public var delegatedRoles = 32

    public init() {}
}
