/// Something in a document that is not as its schema says.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as the reader was told, or a description of the source.
    public let file: String
    /// Where in it: `line 3, column 7` for syntax, `commands.facts.argv[0]` for content.
    public let place: String
    /// What was expected there, and what was found.
    public let problem: String

    public init(file: String, place: String, problem: String) {
        self.file = file
        self.place = place
        self.problem = problem
    }

    public var description: String { place.isEmpty ? "\(file): \(problem)" : "\(file): \(place): \(problem)" }
}

/// Reads the members of one JSON object, remembers which were read, and hands out the rest, so that a document keeps the
/// fields that a newer program wrote.
public struct FieldReader {
    public let file: String
    public let path: String
    private let members: [String: JSONValue]
    private var consumed: Set<String> = []

    public init(_ value: JSONValue, file: String, path: String = "") throws(DocumentError) {
        guard case .object(let members) = value else {
            throw DocumentError(file: file, place: path, problem: "expected an object, found \(value.kind)")
        }
        self.members = members
        self.file = file
        self.path = path
    }

    /// The members that nobody asked for.
    public var unknown: [String: JSONValue] { members.filter { !consumed.contains($0.key) } }

    public func failure(_ key: String, _ problem: String) -> DocumentError {
        DocumentError(file: file, place: path.isEmpty ? key : "\(path).\(key)", problem: problem)
    }

    private func wrong(_ key: String, _ wanted: String, _ value: JSONValue?) -> DocumentError {
        failure(key, "expected \(wanted), found \(value?.kind ?? "nothing")")
    }

    public mutating func optional(_ key: String) -> JSONValue? {
        consumed.insert(key)
        guard let value = members[key], value != .null else { return nil }
        return value
    }

    public mutating func value(_ key: String) throws(DocumentError) -> JSONValue {
        guard let value = optional(key) else { throw wrong(key, "a value", nil) }
        return value
    }

    public mutating func string(_ key: String) throws(DocumentError) -> String {
        let value = optional(key)
        guard let text = value?.string else { throw wrong(key, "a string", value) }
        return text
    }

    public mutating func optionalString(_ key: String) throws(DocumentError) -> String? {
        guard let value = optional(key) else { return nil }
        guard let text = value.string else { throw wrong(key, "a string", value) }
        return text
    }

    public mutating func integer(_ key: String) throws(DocumentError) -> Int {
        let value = optional(key)
        guard let number = value?.integer else { throw wrong(key, "an integer", value) }
        return number
    }

    public mutating func optionalInteger(_ key: String) throws(DocumentError) -> Int? {
        guard let value = optional(key) else { return nil }
        guard let number = value.integer else { throw wrong(key, "an integer", value) }
        return number
    }

    /// An integer of at least zero.
    public mutating func count(_ key: String) throws(DocumentError) -> Int {
        let number = try integer(key)
        if number < 0 { throw failure(key, "expected a number of at least 0, found \(number)") }
        return number
    }

    public mutating func bool(_ key: String) throws(DocumentError) -> Bool {
        let value = optional(key)
        guard let flag = value?.bool else { throw wrong(key, "true or false", value) }
        return flag
    }

    public mutating func optionalBool(_ key: String) throws(DocumentError) -> Bool? {
        guard let value = optional(key) else { return nil }
        guard let flag = value.bool else { throw wrong(key, "true or false", value) }
        return flag
    }

    public mutating func array(_ key: String) throws(DocumentError) -> [JSONValue] {
        let value = optional(key)
        guard let elements = value?.array else { throw wrong(key, "an array", value) }
        return elements
    }

    public mutating func strings(_ key: String) throws(DocumentError) -> [String] {
        var texts: [String] = []
        for (index, element) in try array(key).enumerated() {
            guard let text = element.string else { throw wrong("\(key)[\(index)]", "a string", element) }
            texts.append(text)
        }
        return texts
    }

    public mutating func object(_ key: String) throws(DocumentError) -> FieldReader {
        try FieldReader(try value(key), file: file, path: path.isEmpty ? key : "\(path).\(key)")
    }

    public mutating func objects(_ key: String) throws(DocumentError) -> [FieldReader] {
        var readers: [FieldReader] = []
        for (index, element) in try array(key).enumerated() {
            let place = path.isEmpty ? "\(key)[\(index)]" : "\(path).\(key)[\(index)]"
            readers.append(try FieldReader(element, file: file, path: place))
        }
        return readers
    }

    /// Every member of an object as name and text.
    public mutating func texts(_ key: String) throws(DocumentError) -> [String: String] {
        let value = optional(key)
        guard let members = value?.object else { throw wrong(key, "an object of strings", value) }
        var texts: [String: String] = [:]
        for (name, element) in members {
            guard let text = element.string else { throw wrong("\(key).\(name)", "a string", element) }
            texts[name] = text
        }
        return texts
    }

    /// A text that a type of its own can read, such as a version, a digest or a time.
    public mutating func parsed<Value>(_ key: String, _ what: String, _ parse: (String) -> Value?) throws(DocumentError)
        -> Value
    {
        let text = try string(key)
        guard let value = parse(text) else { throw failure(key, "expected \(what), found \"\(text)\"") }
        return value
    }

    public mutating func time(_ key: String) throws(DocumentError) -> WallTime {
        try parsed(key, "a time like 2026-01-31T23:59:59Z", { WallTime($0) })
    }

    public mutating func version(_ key: String) throws(DocumentError) -> ProductVersion {
        try parsed(key, "a version of four numbers like 1.1.750.0", { ProductVersion($0) })
    }

    public mutating func digest(_ key: String) throws(DocumentError) -> SHA256Digest {
        try parsed(key, "64 hexadecimal digits", { SHA256Digest($0) })
    }
}
