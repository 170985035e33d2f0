/// What contradicts one of the invariants of an upgrade.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// 1 to 11, as docs/architecture.md counts them.
    public let invariant: Int
    public let seen: String

    public init(_ invariant: Int, _ seen: String) {
        self.invariant = invariant
        self.seen = seen
    }

    public var description: String { "invariant \(invariant): \(seen)" }
}
