import Foundation

/// A server as it lies on disk, read from outside: paths, links and documents, with no code of what is judged.
struct ServerFiles: Sendable {
    let root: URL

    var service: URL { root.appending(path: "var/lib/adsync") }
    var releases: URL { root.appending(path: "opt/adsync/releases") }
    var attempts: URL { root.appending(path: "var/lib/aadc-upgrade/attempts") }
    var lease: URL { service.appending(path: "lease.json") }
    func data(_ generation: Int) -> URL { service.appending(path: "gen/\(generation)/data") }

    /// The generation that `current` names.
    var activeGeneration: Int? { link(service.appending(path: "current")).flatMap { Int($0.lastPathComponent) } }

    /// The folder of the release of a generation, links resolved.
    func release(ofGeneration generation: Int) -> URL? {
        link(service.appending(path: "gen/\(generation)/release"))
    }

    private func link(_ path: URL) -> URL? {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path.path) else { return nil }
        return URL(filePath: target, relativeTo: path.deletingLastPathComponent()).standardizedFileURL
    }

    static func object(_ path: URL) -> [String: Any]? {
        guard let data = try? Data(contentsOf: path) else { return nil }
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    }

    /// Every regular file below a folder, as relative paths.
    static func files(below folder: URL) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        return found.compactMap { $0 as? String }.filter { path in
            let type = try? FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(path)")[.type]
            return type as? FileAttributeType != .typeDirectory
        }.sorted()
    }

    /// SHA-256 of files, by coreutils.
    static func digests(_ paths: [String], below folder: URL) -> [String: String] {
        guard !paths.isEmpty else { return [:] }
        let (_, output) = command(
            ["/usr/bin/sha256sum", "--"] + paths, folder: folder)
        var digests: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            digests[String(parts[1].drop { $0 == " " || $0 == "*" })] = String(parts[0])
        }
        return digests
    }

    /// Runs a short program; its output goes to a file, so that no pipe can fill up.
    static func command(_ words: [String], folder: URL? = nil) -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        guard FileManager.default.createFile(atPath: file.path, contents: nil),
            let output = try? FileHandle(forWritingTo: file)
        else { return (-1, "") }
        let process = Process()
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return (-1, "") }
        process.waitUntilExit()
        try? output.close()
        return (process.terminationStatus, (try? String(contentsOf: file, encoding: .utf8)) ?? "")
    }

    /// The document of a verb of the active release, called as its `release.json` says.
    func answer(_ verb: String) -> [String: Any]? {
        guard let generation = activeGeneration, let folder = release(ofGeneration: generation),
            let manifest = Self.object(folder.appending(path: "release.json")),
            let commands = manifest["commands"] as? [String: Any], let call = commands[verb] as? [String: Any],
            let argv = call["argv"] as? [String], let program = argv.first
        else { return nil }
        let words = ["\(folder.path)/\(program)"] + argv.dropFirst() + ["--root", root.path, "--format", "json"]
        let (status, output) = Self.command(words)
        guard status == 0 else { return nil }
        return (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any]
    }
}

/// One process of the process table.
struct ObservedProcess: Sendable {
    let pid: Int
    let startTime: Int
    let session: Int
    let user: String
    let commandLine: String

    /// Nil when there is no such process, or only what is left of one.
    init?(pid: Int) {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")"),
            let line = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline")),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        else { return nil }
        // From field 3, the state, on; field 6 is the session, field 22 the start.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", let session = Int(fields[3]), let start = Int(fields[19]) else {
            return nil
        }
        self.pid = pid
        self.session = session
        startTime = start
        user = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }.map(String.init) ?? ""
        commandLine = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    static func all() -> [ObservedProcess] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap(Int.init)
            .compactMap(ObservedProcess.init(pid:))
    }
}
