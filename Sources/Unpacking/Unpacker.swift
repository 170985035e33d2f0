import CLinux
import Documents
import Glibc
import ReleaseContract

/// What was unpacked.
public struct UnpackSummary: Equatable, Sendable {
    public var bytes = 0
    public var files = 0
    public var folders = 0
}

/// Unpacks one release into one empty folder, by its signed list, and refuses whatever the list does not have.
///
/// Opening and unpacking are two steps, so that a program can give up its rights between them: everything that is opened
/// by name is opened first, and the archive's first byte is read by the second.
public struct Unpacker: ~Copyable {
    /// More than any release document has.
    static let longestDocument = 64 << 20
    /// What one entry of a tar may need beside its content: headers, extended headers, padding.
    static let bytesPerEntry = 16 << 10

    private let manifest: ReleaseManifest
    private let document: [UInt8]
    private let target: TargetFolder

    /// libarchive converts names between the locale and UTF-8; in the C locale it would refuse every name that is not
    /// ASCII. A program calls this once, before anything else.
    public static func useUTF8() { setlocale(LC_CTYPE, "C.UTF-8") }

    /// Opens the release document, whose signature was checked already, and the folder, which must be there and empty.
    public init(document path: String, into folder: String) throws(UnpackFailure) {
        let document = try Self.read(path)
        let manifest = try Self.parse(document, path)
        target = try TargetFolder.open(folder)
        (self.document, self.manifest) = (document, manifest)
    }

    private static func parse(_ document: [UInt8], _ path: String) throws(UnpackFailure) -> ReleaseManifest {
        do throws(DocumentError) {
            return try ReleaseManifest(bytes: document, file: path)
        } catch {
            throw UnpackFailure(.badArchive, "\(path): \(error.place): \(error.problem)")
        }
    }

    /// What everything that is made lies below.
    public var folderDescriptor: Int32 { target.descriptor }
    /// The size of the largest file that will be made.
    public var largestFile: Int { manifest.files.reduce(document.count) { max($0, $1.size) } }
    /// The size of the release document, on which the memory depends that its list takes.
    public var documentBytes: Int { document.count }

    /// What the tar may have in all: the signed bytes, and for each signed file and its folders the most that a header
    /// takes.
    private var longestArchive: Int {
        let folders = Set(manifest.files.flatMap { ReleasePath.folders(above: $0.path) })
        return manifest.unpackedBytes + document.count + (manifest.fileCount + folders.count + 64) * Self.bytesPerEntry
    }

    /// Unpacks all from a descriptor. What a failure leaves in the folder is incomplete; the caller removes it, and
    /// writes what success leaves to disk.
    public borrowing func unpack(from descriptor: Int32) throws(UnpackFailure) -> UnpackSummary {
        let input = try ExpandedInput(CompressedInput(descriptor: descriptor), limit: longestArchive)
        let reader = try ArchiveReader(input)
        try reader.begin()
        var plan = UnpackPlan(manifest, documentBytes: document.count)
        while let header = try reader.next() {
            let step = try plan.step(for: header)
            for folder in step.folders { try target.makeFolder(folder) }
            guard let file = step.file else { continue }
            try make(file, reader, comparing: plan.summary.files == 1)
        }
        try plan.demandAll()
        try reader.demandEnd()
        return plan.summary
    }

    /// - Parameter comparing: it is the release document, which must be the signed one.
    private borrowing func make(
        _ file: UnpackPlan.Step.File, _ reader: borrowing ArchiveReader, comparing: Bool
    ) throws(UnpackFailure) {
        var done = 0
        // The closures below cannot borrow what cannot be copied.
        let document = comparing ? self.document : []
        let handle = try target.makeFile(file.name, mode: mode_t(file.mode.bits))
        try reader.content(of: file.name, size: file.size) { piece throws(UnpackFailure) in
            if comparing, !document[done...].prefix(piece.count).elementsEqual(piece) {
                throw UnpackFailure(
                    .badArchive, entry: file.name, "differs from the release document that was signed")
            }
            try handle.append(piece)
            done += piece.count
        }
    }

    private static func read(_ path: String) throws(UnpackFailure) -> [UInt8] {
        let descriptor = clinux_open(path, O_RDONLY, 0)
        if descriptor < 0 { throw UnpackFailure(opening: path, code: -descriptor) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = Glibc.read(descriptor, &chunk, chunk.count)
            let code = errno
            if got < 0, code == EINTR { continue }
            if got < 0 { throw UnpackFailure(opening: path, code: code) }
            if got == 0 { return content }
            content.append(contentsOf: chunk[..<got])
            if content.count > longestDocument {
                throw UnpackFailure(.badArchive, "\(path) has more than \(longestDocument) bytes")
            }
        }
    }
}
