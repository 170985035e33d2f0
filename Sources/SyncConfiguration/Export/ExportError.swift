/// Why an exported configuration could not be read: which file, where in it, what was expected, what to do.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// There is nothing at the path.
        case noSuchInput
        /// There is something, and it is not what an export is.
        case badInput
        /// It may not be read.
        case notPermitted
    }

    public let kind: Kind
    public let path: String
    /// Counted from 1; nil where the trouble is not inside a file.
    public let line: Int?
    public let column: Int?
    /// The element that was being read.
    public let element: String?
    public let problem: String
    public let remedy: String

    public init(
        _ kind: Kind, path: String, line: Int? = nil, column: Int? = nil, element: String? = nil, problem: String,
        remedy: String
    ) {
        self.kind = kind
        self.path = path
        self.line = line
        self.column = column
        self.element = element
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String {
        var text = path
        if let line { text += ", line \(line)" }
        if let column { text += ", column \(column)" }
        if let element { text += ", in <\(element)>" }
        return "\(text): \(problem); \(remedy)"
    }
}
