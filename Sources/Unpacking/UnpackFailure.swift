import Glibc

/// Why an archive was not unpacked: one line, and the exit status that says who can help.
public struct UnpackFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Int32, Sendable {
        /// The archive is damaged or breaks a rule; trying again changes nothing.
        case badArchive = 65
        /// The archive is not there.
        case noInput = 66
        /// The rights that this process does not need could not be given up; nothing was read.
        case notConfined = 70
        /// Reading or writing failed.
        case inputOutput = 74
        /// The disk is full; it may work later.
        case notNow = 75
        /// This process may not read the archive or write the folder.
        case notPermitted = 77
    }

    public let kind: Kind
    /// The entry's name in the archive, where one is to blame.
    public let entry: String?
    public let problem: String

    public init(_ kind: Kind, entry: String? = nil, _ problem: String) {
        self.kind = kind
        self.entry = entry
        self.problem = problem
    }

    /// A file that could not be opened or read.
    init(opening path: String, code: Int32) {
        let kind: Kind =
            switch code {
            case ENOENT, ENOTDIR: .noInput
            case EACCES, EPERM: .notPermitted
            default: .inputOutput
            }
        self.init(kind, "cannot read \(path): \(String(cString: strerror(code)))")
    }

    public var exitStatus: Int32 { kind.rawValue }

    public var description: String {
        // libarchive's words may have several lines.
        let problem = problem.split(separator: "\n").joined(separator: "; ")
        guard let entry else { return problem }
        return "entry \"\(Self.printable(entry))\": \(problem)"
    }

    /// A hostile name must not reach a terminal as it is.
    static func printable(_ name: String) -> String {
        String(name.prefix(200).unicodeScalars.flatMap { $0.escaped(asASCII: true) })
    }
}
