/// Why one object is what it is: the rules that were asked, what each contributed, and what waits to be sent.
public struct ObjectPreview: Equatable, Sendable {
    /// A rule of the object's type.
    public struct Rule: Equatable, Sendable {
        public let name: String
        public let precedence: Int
        public let isInScope: Bool
        /// Where it is not in scope, the clause of each group that does not hold, with the value that was found.
        public let reasons: [String]
        /// What its join conditions find; empty for a rule without any.
        public let joins: [String]
    }

    /// One contribution to an attribute, by precedence.
    public struct Contribution: Equatable, Sendable {
        public let rule: String
        public let precedence: Int
        /// The object that it comes from.
        public let source: String
        /// The values, or what the rule says instead: `NULL`, `AuthoritativeNull`, `IgnoreThisFlow`, or its error.
        public let outcome: [String]
        public let wins: Bool
    }

    public struct Attribute: Equatable, Sendable {
        public let name: String
        public let contributions: [Contribution]
    }

    /// An object in a target directory.
    public struct Target: Equatable, Sendable {
        public let connector: String
        /// The object's name there; nil where there is none.
        public let dn: String?
        public let rules: [Rule]
        public let attributes: [Attribute]
        public let export: ReportedExport?
    }

    public let connector: String
    public let dn: String
    public let type: String
    public let name: String
    public let rules: [Rule]
    /// How it is linked, in words.
    public let link: String
    /// The metaverse object's attributes with all contributors; empty where it is not linked.
    public let attributes: [Attribute]
    public let targets: [Target]
}
