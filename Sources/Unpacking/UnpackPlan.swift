import ReleaseContract

/// Decides entry by entry what may be made; touches no file.
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

    private let limits: UnpackLimits
    private var paths = ReleasePathSet()
    private var folders: Set<String> = []
    private var explicitFolders: Set<String> = []
    private(set) var summary = UnpackSummary()

    init(limits: UnpackLimits) { self.limits = limits }

    mutating func step(for header: EntryHeader) throws(UnpackFailure) -> Step {
        if summary.files == 0 { try checkFirst(header) }
        switch header.kind {
        case .other(let what): throw refused(header.name, "is \(what); a release has files and folders only")
        case .folder: return try folder(header)
        case .file(let size): return try file(header, size: size)
        }
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
        guard header.mode == 0o755 else { throw refused(name, "has the mode \(octal(header.mode)); expected 0755") }
        if let problem = paths.add(folder: name) { throw refused(name, "its path \(problem)") }
        guard explicitFolders.insert(name).inserted else { throw refused(name, "its path occurs twice") }
        return Step(folders: try newFolders(above: name) + newFolders([name]))
    }

    private mutating func file(_ header: EntryHeader, size: Int) throws(UnpackFailure) -> Step {
        let name = header.name
        try checkPath(name)
        guard let mode = [ReleaseFileMode.plain, .executable].first(where: { $0.bits == header.mode }) else {
            throw refused(name, "has the mode \(octal(header.mode)); expected 0644 or 0755")
        }
        if let problem = paths.add(file: name) { throw refused(name, "its path \(problem)") }
        guard summary.files < limits.files else {
            throw refused(name, "is one file more than the \(limits.files) that are allowed")
        }
        guard size >= 0, size <= limits.bytes - summary.bytes else {
            throw refused(name, "has \(size) bytes; all files together may have \(limits.bytes)")
        }
        summary.files += 1
        summary.bytes += size
        return Step(folders: try newFolders(above: name), file: Step.File(name: name, size: size, mode: mode))
    }

    private func checkPath(_ name: String) throws(UnpackFailure) {
        if let problem = ReleasePath.problem(name) { throw refused(name, "its path \(problem)") }
    }

    private mutating func newFolders(above name: String) throws(UnpackFailure) -> [String] {
        try newFolders(ReleasePath.folders(above: name))
    }

    private mutating func newFolders(_ names: [String]) throws(UnpackFailure) -> [String] {
        var new: [String] = []
        for name in names where folders.insert(name).inserted {
            guard summary.folders < limits.folders else { throw refused(name, "is one folder too many") }
            summary.folders += 1
            new.append(name)
        }
        return new
    }

    private func refused(_ name: String, _ problem: String) -> UnpackFailure {
        UnpackFailure(.badArchive, entry: name, problem)
    }

    private func octal(_ mode: UInt32) -> String { "0" + String(mode, radix: 8) }
}
