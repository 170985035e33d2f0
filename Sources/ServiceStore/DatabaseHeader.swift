import Glibc
import LinuxHost

/// The first bytes of a SQLite file, read without SQLite: what the file is and of which schema epoch, and whether it
/// changed. Reading them leaves the file and its folder as they are.
public struct DatabaseHeader: Equatable, Sendable {
    /// "ADSY" in SQLite's big-endian field.
    public static let applicationID: UInt32 = 0x4144_5359

    public let isSQLite: Bool
    public let applicationID: UInt32
    public let schemaEpoch: Int
    public let changeCounter: UInt32

    /// Reads the header; nil when there is no file. A file that is being made may be shorter than a header.
    ///
    /// Only for a process that has no SQLite handle on the file: closing it drops SQLite's locks.
    public init?(path: String) throws(HostError) {
        guard try DurableFiles.kind(path) != nil else { return nil }
        let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        self.init(bytes: try file.read(atMost: 100, path: path))
    }

    init(bytes: [UInt8]) {
        func number(_ offset: Int) -> UInt32 {
            guard bytes.count >= offset + 4 else { return 0 }
            return bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
        }
        isSQLite = bytes.starts(with: Array("SQLite format 3\0".utf8))
        changeCounter = number(24)
        schemaEpoch = Int(Int32(bitPattern: number(60)))
        applicationID = number(68)
    }
}
