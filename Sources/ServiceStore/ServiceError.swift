import Documents

/// Why a verb of the service did not do what was asked.
public struct ServiceError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// Possible at another time: exit 75.
        case notNow
        /// Not possible as things are: exit 1.
        case failed
        /// The caller's words are wrong: exit 64.
        case usage
    }

    public let kind: Kind
    public let message: String
    /// More members for the answer, such as who holds the pause.
    public let details: [String: JSONValue]

    public init(_ kind: Kind, _ message: String, details: [String: JSONValue] = [:]) {
        self.kind = kind
        self.message = message
        self.details = details
    }

    public var description: String { message }

    public var exitStatus: Int32 {
        switch kind {
        case .notNow: 75
        case .failed: 1
        case .usage: 64
        }
    }
}
