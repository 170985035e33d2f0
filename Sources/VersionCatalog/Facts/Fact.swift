import Documents

/// One fact as a condition looks at it: a value with what it rests on, or why there is none.
public enum Fact: Equatable, Sendable {
    case known(FactValue, evidence: String)
    /// The server does not have what the fact is about (no proxy, hence no idle time of one): no test of it holds.
    case absent(String)
    /// Nothing says it; why.
    case unknown(String)
}

public enum FactValue: Equatable, Sendable {
    case flag(Bool)
    case number(Int)
    case text(String)
    case version(ProductVersion)
}

/// The value of a fact for which a criterion holds.
public enum FactTest: Equatable, Sendable {
    case isFlag(Bool)
    case isText(String)
    case isOtherThan(String)
    case isOver(Int)
    case isAtLeast(Int)
    case isBelow(Int)
    case isVersion(ProductVersion)
    case isVersionBelow(ProductVersion)

    /// Whether the test holds for a value; nil where the value is of a kind that it cannot judge.
    public func holds(for value: FactValue) -> Bool? {
        switch (self, value) {
        case (.isFlag(let flag), .flag(let found)): found == flag
        // Parameters are texts, and exports mix the spellings True and true.
        case (.isFlag(let flag), .text(let found)): Self.flag(found).map { $0 == flag }
        case (.isText(let text), .text(let found)): found == text
        case (.isOtherThan(let text), .text(let found)): found != text
        case (.isOver(let limit), .number(let found)): found > limit
        case (.isAtLeast(let limit), .number(let found)): found >= limit
        case (.isBelow(let limit), .number(let found)): found < limit
        case (.isOver, .text(let found)), (.isAtLeast, .text(let found)), (.isBelow, .text(let found)):
            Int(found).flatMap { holds(for: .number($0)) }
        case (.isVersion(let version), .version(let found)): found == version
        case (.isVersionBelow(let limit), .version(let found)): found < limit
        default: nil
        }
    }

    private static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }
}

extension FactTest {
    /// Reads the one member of `fields` that is a test and has not been read yet.
    init(_ fields: inout FieldReader) throws(DocumentError) {
        let names = fields.unknown.keys.sorted()
        guard names.count == 1, let name = names.first else {
            throw fields.failure("", "expected exactly one test, found \(names.count)")
        }
        switch name {
        case "flag": self = .isFlag(try fields.bool(name))
        case "text": self = .isText(try fields.string(name))
        case "otherThan": self = .isOtherThan(try fields.string(name))
        case "over": self = .isOver(try fields.integer(name))
        case "atLeast": self = .isAtLeast(try fields.integer(name))
        case "below": self = .isBelow(try fields.integer(name))
        case "version": self = .isVersion(try fields.version(name))
        case "versionBelow": self = .isVersionBelow(try fields.version(name))
        default: throw fields.failure(name, "no such test")
        }
    }
}
