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
        public enum Kind: String, Sendable {
            case values
            /// `NULL`, or an attribute that is not there: a rule of lower precedence may contribute.
            case null
            /// Empty, and no rule of lower precedence may contribute.
            case authoritativeNull
            /// As if the flow were not there.
            case ignoreThisFlow
            /// Evaluated only when the target object is made, which it was.
            case notDue
            /// The flow failed; the whole object stays as it was if no better rule contributes.
            case error
        }

        public let kind: Kind
        /// The values, or the error.
        public let outcome: [String]
        public let wins: Bool
    }

    public struct Attribute: Equatable, Sendable {
        public let name: String
        public let contributions: [Contribution]
        /// What the attribute is since the last synchronization.
        public let values: [ReportValue]
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
