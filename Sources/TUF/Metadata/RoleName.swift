/// A role of a repository: one of the four that every repository has, or one that another role delegates to.
///
/// Two names are equal when their bytes are: Swift's own comparison would hold a composed and a decomposed letter to be
/// the same, and another program would not.
public struct RoleName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static let root = RoleName("root")
    public static let timestamp = RoleName("timestamp")
    public static let snapshot = RoleName("snapshot")
    public static let targets = RoleName("targets")
    /// The roles that root names keys for.
    public static let topLevel = [root, timestamp, snapshot, targets]

    /// Its file, as timestamp and snapshot list it. A name is never used as a path without being escaped.
    public var fileName: String { "\(text).json" }

    public var description: String { text }

    public static func == (left: RoleName, right: RoleName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
    public func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}
