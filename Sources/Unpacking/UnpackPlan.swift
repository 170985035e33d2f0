import ReleaseContract

/// Decides entry by entry what may be made, by the signed list; touches no file.
struct UnpackPlan {
    struct Step: Equatable {
        struct File: Equatable {
            let name: String
            let size: Int
            let mode: ReleaseFileMode
        }
        /// Outermost first; none of them is there yet.
        var folders: [String] = []
        var file: File?
    }

    private let expected: [String: ReleaseFile]
    /// The folders above the listed files.
    private let expectedFolders: Set<String>
    private let documentBytes: Int
    private var seen: Set<String> = []
    private var made: Set<String> = []
    private var explicitFolders: Set<String> = []
    private(set) var summary = UnpackSummary()

    /// - Parameter documentBytes: the size of the release document, which is in the archive and not in its own list.
    init(_ manifest: ReleaseManifest, documentBytes: Int) {
        expected = Dictionary(manifest.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        expectedFolders = Set(manifest.files.flatMap { ReleasePath.folders(above: $0.path) })
        self.documentBytes = documentBytes
    }

    mutating func step(for header: EntryHeader) throws(UnpackFailure) -> Step {
        if summary.files == 0 { try checkFirst(header) }
        if let extra = header.extra { throw refused(header.name, "has \(extra); a release has modes only") }
        switch header.kind {
        case .other(let what): throw refused(header.name, "is \(what); a release has files and folders only")
        case .folder: return try folder(header)
        case .file(let size): return try file(header, size: size)
        }
    }

    /// Every listed file was met.
    func demandAll() throws(UnpackFailure) {
        if summary.files == 0 { throw UnpackFailure(.badArchive, "the archive is empty") }
        let missing = expected.keys.filter { !seen.contains($0) }
        guard let first = missing.min() else { return }
        let others = missing.count == 1 ? "" : ", and \(missing.count - 1) more"
        throw refused(first, "is listed in \(ReleaseManifest.fileName) and missing in the archive\(others)")
    }

    private func checkFirst(_ header: EntryHeader) throws(UnpackFailure) {
        guard header.name == ReleaseManifest.fileName, case .file = header.kind else {
            throw refused(header.name, "is the first entry, where the file \(ReleaseManifest.fileName) must be")
        }
    }

    private mutating func folder(_ header: EntryHeader) throws(UnpackFailure) -> Step {
        var name = header.name
        if name.utf8.last == UInt8(ascii: "/") { name.removeLast() }
        try checkPath(name)
        guard let folder = expectedFolders.exactly(name) else {
            if expected[name] != nil { throw refused(name, "is a folder, where the list has a file") }
            throw refused(name, "is a folder that no listed file is in\(similar(to: name, among: expectedFolders))")
        }
        guard header.mode == 0o755 else { throw refused(name, "has the mode \(octal(header.mode)); expected 0755") }
        guard explicitFolders.insert(folder).inserted else { throw refused(name, "its path occurs twice") }
        return Step(folders: newFolders(ReleasePath.folders(above: folder) + [folder]))
    }

    private mutating func file(_ header: EntryHeader, size: Int) throws(UnpackFailure) -> Step {
        let name = header.name
        try checkPath(name)
        let (mode, wanted) = try listed(name)
        guard seen.insert(name).inserted else { throw refused(name, "its path occurs twice") }
        guard mode.bits == header.mode else {
            throw refused(name, "has the mode \(octal(header.mode)); expected \(mode.rawValue)")
        }
        guard size == wanted else { throw refused(name, "has \(size) bytes; expected \(wanted)") }
        summary.files += 1
        summary.bytes += size
        return Step(
            folders: newFolders(ReleasePath.folders(above: name)), file: Step.File(name: name, size: size, mode: mode))
    }

    private func listed(_ name: String) throws(UnpackFailure) -> (ReleaseFileMode, size: Int) {
        if name == ReleaseManifest.fileName { return (.plain, documentBytes) }
        // Strings that differ in their Unicode form only are equal to Swift, and are not to a file system.
        if let file = expected[name], file.path.isSameBytes(as: name) { return (file.mode, file.size) }
        if expectedFolders.exactly(name) != nil { throw refused(name, "is a file, where the list has a folder") }
        if let above = ReleasePath.folders(above: name).first(where: { expected[$0] != nil }) {
            throw refused(name, "its path lies below \"\(above)\", which is a file")
        }
        throw refused(
            name, "is not listed in \(ReleaseManifest.fileName)\(similar(to: name, among: Set(expected.keys)))")
    }

    /// Words for the listed path that a person would take this one for.
    private func similar(to name: String, among listed: Set<String>) -> String {
        let folded = ReleasePath.folded(name)
        guard let other = listed.first(where: { ReleasePath.folded($0) == folded }) else { return "" }
        let printable = UnpackFailure.printable(other)
        return name == other
            ? "; it differs from \"\(printable)\" in its Unicode form only"
            : "; it differs from \"\(printable)\" by case only"
    }

    private func checkPath(_ name: String) throws(UnpackFailure) {
        if let problem = ReleasePath.problem(name) { throw refused(name, "its path \(problem)") }
    }

    private mutating func newFolders(_ names: [String]) -> [String] {
        let new = names.filter { made.insert($0).inserted }
        summary.folders += new.count
        return new
    }

    private func refused(_ name: String, _ problem: String) -> UnpackFailure {
        UnpackFailure(.badArchive, entry: name, problem)
    }

    private func octal(_ mode: UInt32) -> String { "0" + String(mode, radix: 8) }
}

extension String {
    fileprivate func isSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Set<String> {
    /// The member that has the same bytes.
    fileprivate func exactly(_ name: String) -> String? {
        guard let index = firstIndex(of: name), self[index].isSameBytes(as: name) else { return nil }
        return self[index]
    }
}
