/// One record of an LDIF file (RFC 2849): an entry of a dump, or a change.
public struct LDIFRecord: Equatable, Sendable {
    public enum Content: Equatable, Sendable {
        /// An object as it is.
        case entry([LDIFAttribute])
        /// What happened to an object.
        case change(LDIFChange)
    }

    public let dn: String
    /// The line on which the record begins, counted from 1.
    public let line: Int
    public let controls: [LDIFControl]
    public let content: Content

    public init(dn: String, line: Int = 0, controls: [LDIFControl] = [], content: Content) {
        self.dn = dn
        self.line = line
        self.controls = controls
        self.content = content
    }
}

/// An attribute with all its values in this record. The name keeps its options (`userCertificate;binary`).
public struct LDIFAttribute: Equatable, Sendable {
    public let name: String
    public var values: [[UInt8]]

    public init(_ name: String, _ values: [[UInt8]]) {
        self.name = name
        self.values = values
    }

    public init(_ name: String, _ texts: String...) {
        self.init(name, texts.map { Array($0.utf8) })
    }
}

public enum LDIFChange: Equatable, Sendable {
    case add([LDIFAttribute])
    case modify([LDIFModification])
    case delete
    /// `modrdn` and `moddn`, which RFC 2849 treats alike.
    case rename(newRDN: String, deleteOldRDN: Bool, newSuperior: String?)
}

public struct LDIFModification: Equatable, Sendable {
    public enum Operation: String, Equatable, Sendable {
        case add, delete, replace
        /// RFC 4525.
        case increment
    }

    public let operation: Operation
    public let attribute: LDIFAttribute

    public init(_ operation: Operation, _ attribute: LDIFAttribute) {
        self.operation = operation
        self.attribute = attribute
    }
}

public struct LDIFControl: Equatable, Sendable {
    public let oid: String
    public let isCritical: Bool
    public let value: [UInt8]?

    public init(oid: String, isCritical: Bool = false, value: [UInt8]? = nil) {
        self.oid = oid
        self.isCritical = isCritical
        self.value = value
    }
}

/// Something in an LDIF file that is not as RFC 2849 has it, or that this reader refuses.
public struct LDIFError: Error, Equatable, Sendable, CustomStringConvertible {
    public let file: String
    /// Counted from 1; 0 where the file itself could not be read.
    public let line: Int
    public let problem: String

    public init(file: String, line: Int, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    public var description: String { line == 0 ? "\(file): \(problem)" : "\(file): line \(line): \(problem)" }
}
