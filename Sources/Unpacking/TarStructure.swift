/// Walks the headers of a tar before libarchive gets them, and lets through the one form that a release's archive has:
/// files, folders, and extended headers that give a path, a size, times and owners. Whatever a reader could take in two
/// ways is refused here, so that libarchive has nothing to guess.
struct TarStructure {
    /// An entry as this reader understands it, to be compared with what libarchive makes of it.
    struct Entry: Equatable {
        var name: String
        var isFolder: Bool
        var size: Int
    }

    static let blockBytes = 512
    static let longestExtension = 64 << 10

    private enum State: Equatable {
        case header
        /// Collecting an extended header of this size, padding included.
        case extending(size: Int, padded: Int)
        case skipping(Int)
        /// After the first block of zeros.
        case ended
    }

    private var state = State.header
    private var collected: [UInt8] = []
    private var isFirst = true
    /// What the extended header says of the next entry.
    private var pending: TarExtension?
    /// The entries that were walked and not yet taken.
    private(set) var entries: [Entry] = []

    /// The next bytes of the tar.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws(UnpackFailure) {
        var position = 0
        while position < bytes.count {
            let left = bytes.count - position
            switch state {
            case .ended: return
            case .skipping(let count):
                let step = min(count, left)
                position += step
                state = step < count ? .skipping(count - step) : .header
            case .header: position += try collect(bytes, position, Self.blockBytes)
            case .extending(_, let padded): position += try collect(bytes, position, padded)
            }
        }
    }

    /// The tar has no more bytes.
    func end() throws(UnpackFailure) {
        if state == .ended { return }
        if isFirst, !collected.isEmpty { throw Self.notATar }
        guard state == .header, collected.isEmpty, pending == nil else {
            throw UnpackFailure(.badArchive, entry: entries.last?.name, "the archive is cut off inside of an entry")
        }
    }

    /// The oldest entry that was walked, which is the one that libarchive hands out.
    mutating func takeEntry() -> Entry? { entries.isEmpty ? nil : entries.removeFirst() }

    /// Collects up to `wanted` bytes and reads them when they are whole; returns how many it took.
    private mutating func collect(
        _ bytes: UnsafeRawBufferPointer, _ position: Int, _ wanted: Int
    ) throws(UnpackFailure) -> Int {
        let step = min(wanted - collected.count, bytes.count - position)
        collected.append(contentsOf: bytes[position..<position + step])
        guard collected.count == wanted else { return step }
        let whole = collected
        collected.removeAll(keepingCapacity: true)
        if case .extending(let size, _) = state {
            pending = TarExtension(whole[..<size])
            state = .header
        } else {
            try read(TarHeader(bytes: whole))
        }
        return step
    }

    private mutating func read(_ header: TarHeader) throws(UnpackFailure) {
        if header.isZero {
            state = .ended
            return
        }
        guard header.hasRightChecksum else {
            if isFirst { throw Self.notATar }
            throw UnpackFailure(
                .badArchive, entry: entries.last?.name, "no header follows it: the next block has a wrong checksum")
        }
        isFirst = false
        let name = pending?.path ?? header.name
        let shown = name ?? String(decoding: header.nameBytes, as: UTF8.self)
        func refused(_ problem: String) -> UnpackFailure { UnpackFailure(.badArchive, entry: shown, problem) }

        if let problem = pending?.problem { throw refused(problem) }
        if let problem = header.kindProblem { throw refused(problem) }
        guard header.isPax else { throw refused("its header is not one of the ustar and pax forms") }
        guard let name else { throw refused("its name is not UTF-8") }
        guard let mode = header.mode, mode <= 0o7777 else { throw refused("its mode says the type of a file too") }
        guard let size = pending?.size ?? header.size else { throw refused("its size is not a plain octal number") }
        if header.kind == UInt8(ascii: "x") {
            guard pending == nil else { throw refused("has two extended headers") }
            guard size > 0, size <= Self.longestExtension else {
                throw refused("has an extended header of \(size) bytes; a release's may have \(Self.longestExtension)")
            }
            state = .extending(size: size, padded: Self.padded(size))
            return
        }
        pending = nil
        let isFolder = header.kind == UInt8(ascii: "5")
        if name.isEmpty { throw refused("its path is empty") }
        if isFolder, size != 0 { throw refused("is a folder with a size") }
        if !isFolder, name.utf8.last == UInt8(ascii: "/") {
            throw refused("its path ends with a slash, and it is a file")
        }
        entries.append(Entry(name: name, isFolder: isFolder, size: size))
        state = size > 0 ? .skipping(Self.padded(size)) : .header
    }

    private static func padded(_ size: Int) -> Int {
        let (sum, overflow) = size.addingReportingOverflow(blockBytes - 1)
        return overflow ? .max : sum / blockBytes * blockBytes
    }

    private static var notATar: UnpackFailure {
        UnpackFailure(.badArchive, "what is compressed is not a tar: its first block is no header")
    }
}

/// One block of a tar.
private struct TarHeader {
    let bytes: [UInt8]

    var isZero: Bool { bytes.allSatisfy { $0 == 0 } }
    var kind: UInt8 { bytes[156] }
    var mode: Int? { Self.octal(bytes[100..<108]) }
    var size: Int? { Self.octal(bytes[124..<136]) }
    /// POSIX: the magic with its zero, and the version.
    var isPax: Bool { bytes[257..<265].elementsEqual("ustar\u{0}00".utf8) }

    var hasRightChecksum: Bool {
        let field = 148..<156
        let sum = bytes.indices.reduce(0) { $0 + (field.contains($1) ? 0x20 : Int(bytes[$1])) }
        return Self.octal(bytes[field]) == sum
    }

    var nameBytes: [UInt8] {
        let (name, prefix) = (Self.text(bytes[0..<100]), Self.text(bytes[345..<500]))
        return isPax && !prefix.isEmpty ? prefix + [UInt8(ascii: "/")] + name : Array(name)
    }
    /// nil where it is not UTF-8.
    var name: String? { String(validating: nameBytes, as: UTF8.self) }

    var kindProblem: String? {
        switch kind {
        case UInt8(ascii: "0"), UInt8(ascii: "5"), UInt8(ascii: "x"): nil
        case UInt8(ascii: "1"): "is a hard link; a release has files and folders only"
        case UInt8(ascii: "2"): "is a symbolic link; a release has files and folders only"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "is a device; a release has files and folders only"
        case UInt8(ascii: "6"): "is a pipe; a release has files and folders only"
        default:
            "is of the type \(UnpackFailure.printable(String(UnicodeScalar(kind)))), which a release's archive does not have"
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> { field.prefix { $0 != 0 } }

    /// Octal digits, after spaces perhaps, up to a zero, a space or the field's end; nothing else.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 }) else { return nil }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}

/// What an extended header says of the entry after it.
struct TarExtension: Equatable {
    /// Records that say what matters, and records that say what is passed over.
    private static let known: Set<String> = [
        "path", "size", "mtime", "atime", "ctime", "uid", "gid", "uname", "gname",
    ]

    private(set) var path: String?
    private(set) var size: Int?
    /// Why the entry that it belongs to must be refused; that one has a name to tell.
    private(set) var problem: String?

    init(_ bytes: ArraySlice<UInt8>) {
        var seen: Set<String> = []
        var rest = bytes
        while !rest.isEmpty, problem == nil {
            guard let (key, value) = Self.record(&rest) else {
                problem = "its extended header has a record without a length, a key or an end"
                return
            }
            guard Self.known.contains(key) else {
                problem = "has the extended record \"\(UnpackFailure.printable(key))\", which no release needs"
                return
            }
            guard seen.insert(key).inserted else {
                problem = "has the extended record \"\(key)\" twice"
                return
            }
            read(key, value)
        }
    }

    private mutating func read(_ key: String, _ value: ArraySlice<UInt8>) {
        switch key {
        case "path":
            path = String(decoding: value, as: UTF8.self)
            if value.isEmpty { problem = "its path is empty" }
            if value.contains(0) { problem = "its path has a zero byte" }
            if String(validating: value, as: UTF8.self) == nil { problem = "its name is not UTF-8" }
        case "size":
            size = Self.number(value)
            if size == nil { problem = "its extended size is not a plain decimal number" }
        default: break
        }
    }

    /// Takes one record off: its length in decimal, a space, the key, an equals sign, the value, a newline.
    private static func record(_ rest: inout ArraySlice<UInt8>) -> (key: String, value: ArraySlice<UInt8>)? {
        let digits = rest.prefix { $0 != 0x20 }
        guard let length = number(digits), length > digits.count + 1, length <= rest.count else { return nil }
        let record = rest.prefix(length)
        rest = rest.dropFirst(length)
        let body = record.dropFirst(digits.count + 1)
        guard body.last == 0x0A, let equals = body.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        return (String(decoding: body[..<equals], as: UTF8.self), body[body.index(after: equals)...].dropLast())
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
