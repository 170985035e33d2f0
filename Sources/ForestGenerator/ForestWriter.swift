import Glibc
import SyncEngine

/// A folder or file that could not be written.
public struct ForestWriteError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    public let problem: String
    public var description: String { "\(path): \(problem)" }
}

extension ForestOptions {
    /// Writes one folder per forest below `folder`: `full.ldif`, the dump, and the changes after it as `000001.ldif`, `000002.ldif`, …
    /// Returns the number of objects in each dump.
    @discardableResult
    public func write(to folder: String) throws -> [(forest: String, objects: Int)] {
        let forests = forests
        var counts: [(forest: String, objects: Int)] = []
        try makeFolder(folder)
        for forest in forests {
            let place = "\(folder)/\(forest.name)"
            try makeFolder(place)
            counts.append((forest.name, try forest.writeDump(to: "\(place)/full.ldif")))
            try forest.writeChanges(to: place, others: forests)
        }
        return counts
    }

    private func makeFolder(_ path: String) throws(ForestWriteError) {
        if mkdir(path, 0o777) == 0 { return }
        let code = errno
        if code != EEXIST {
            throw ForestWriteError(path: path, problem: "cannot be created: \(String(cString: strerror(code)))")
        }
    }
}

extension Forest {
    fileprivate func writeDump(to path: String) throws -> Int {
        var output = try LDIFFile(path)
        var count = 0
        try forEachObject { object in
            count += 1
            try output.write(LDIFRecord(dn: object.dn, content: .entry(object.attributes)))
        }
        try output.finish()
        return count
    }

    fileprivate func writeChanges(to folder: String, others: [Forest]) throws {
        var open: (number: Int, file: LDIFFile)?
        try forEachChange(others: others) { number, record in
            if open?.number != number {
                try open?.file.finish()
                let digits = String(number)
                let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
                open = (number, try LDIFFile("\(folder)/\(name).ldif"))
            }
            try open?.file.write(record)
        }
        try open?.file.finish()
    }
}

/// An LDIF file that is being written, a piece at a time.
private struct LDIFFile {
    private static let pieceBytes = 1 << 20
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private var writer = LDIFWriter()

    init(_ path: String) throws(ForestWriteError) {
        guard let file = fopen(path, "we") else {
            let code = errno
            throw ForestWriteError(path: path, problem: "cannot be written: \(String(cString: strerror(code)))")
        }
        self.path = path
        self.file = file
    }

    mutating func write(_ record: LDIFRecord) throws(ForestWriteError) {
        writer.write(record)
        if writer.bytes.count >= Self.pieceBytes { try flush() }
    }

    mutating func finish() throws(ForestWriteError) {
        try flush()
        if fclose(file) != 0 { throw failure() }
    }

    private mutating func flush() throws(ForestWriteError) {
        let bytes = writer.take()
        if fwrite(bytes, 1, bytes.count, file) != bytes.count { throw failure() }
    }

    private func failure() -> ForestWriteError {
        ForestWriteError(path: path, problem: "cannot be written: \(String(cString: strerror(errno)))")
    }
}
