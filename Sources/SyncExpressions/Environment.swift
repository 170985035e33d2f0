/// The attributes that an expression may name: those of the source object's type.
public protocol AttributeNames {
    /// nil for a name that does not exist there, which is an error of the expression.
    func attribute(_ name: String) -> AttributeDescription?
}

/// An attribute as the compiler sees it.
public struct AttributeDescription: Equatable, Sendable {
    /// What `AttributeInput` is asked by.
    public let number: Int
    public let type: ValueType

    public init(number: Int, type: ValueType) {
        self.number = number
        self.type = type
    }
}

/// One object whose attributes an expression reads.
public protocol AttributeInput {
    /// `null`, one value, or a list for a multi-valued attribute (also of one value).
    func value(_ attribute: AttributeDescription) -> Value
    /// The values that an import confirmed, not those that are only staged. An object of which nothing is staged answers as `value`.
    func importedValue(_ attribute: AttributeDescription) -> Value
    /// How many values there are, without making any.
    func count(_ attribute: AttributeDescription) -> Int
    func isPresent(_ attribute: AttributeDescription) -> Bool
}

/// What an evaluation reads beside the object. The owner decides what time it is and what is random.
public struct EvaluationEnvironment: Sendable {
    public let now: DateTime
    /// A number from `0` to one less than the bound.
    public let random: @Sendable (_ bound: UInt64) -> UInt64

    public init(now: DateTime, random: @escaping @Sendable (_ bound: UInt64) -> UInt64) {
        self.now = now
        self.random = random
    }
}

/// Why an expression cannot be used: where in its text, what was expected, what to do.
public struct ExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Counted in characters of the text, from 1.
    public let position: Int
    public let problem: String

    public init(at position: Int, _ problem: String) {
        self.position = position
        self.problem = problem
    }

    public var description: String { "at character \(position): \(problem)" }
}

/// Why an expression gave no value for one object.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The rule's author asked for it: `Error("…")`.
    case raised(String)
    /// A function was given what it does not take.
    case failed(function: String, String)

    public var description: String {
        switch self {
        case .raised(let text): text
        case .failed(let function, let problem): "\(function): \(problem)"
        }
    }
}
