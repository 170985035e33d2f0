import ArgumentParser
import Glibc
import LinuxHost
import TUF
import Transfer

/// The client as a program, in the shape that conformance suites for such clients expect. Its exit status is 0, or 1 for
/// any refusal, or 64 for a wrong command line.
@main
struct TUFCommand: ParsableCommand {
    enum Verb: String, ExpressibleByArgument, CaseIterable {
        case initialize = "init"
        case refresh, download
    }

    static let configuration = CommandConfiguration(
        commandName: "aadc-tuf", abstract: "A client of The Update Framework.",
        discussion: """
            init ROOT  trusts a root that came over a safe way.
            refresh    brings the metadata up to date.
            download   refreshes, finds one target file and downloads it.
            """)

    @Argument(help: "init, refresh or download.") var verb: Verb
    @Argument(help: "For init: the file with the trusted root.") var root: String?
    @Option(help: "The folder that keeps the trusted metadata.") var metadataDir: String
    @Option(help: "The address of the repository's metadata.") var metadataUrl: String?
    @Option(help: "For download: the path of the target file.") var targetName: String?
    @Option(help: "For download: the address of the repository's target files.") var targetBaseUrl: String?
    @Option(help: "For download: the folder that gets the file.") var targetDir: String?
    @Option(help: "After so many seconds without a byte a connection is given up.")
    var stallSeconds = TransferLimits().lowSpeedSeconds
    @Option(help: "Seconds that one file may take.") var totalSeconds = TransferLimits().documentSeconds
    @Option(help: "How often one file is tried.") var attempts = TransferLimits().attempts

    func validate() throws {
        let missing: String? =
            switch verb {
            case .initialize: root == nil ? "the file with the trusted root" : nil
            case .refresh: metadataUrl == nil ? "--metadata-url" : nil
            case .download:
                [
                    ("--metadata-url", metadataUrl), ("--target-name", targetName),
                    ("--target-base-url", targetBaseUrl),
                    ("--target-dir", targetDir),
                ].first { $0.1 == nil }?.0
            }
        for number in [stallSeconds, totalSeconds, attempts] where !(1...86_400).contains(number) {
            throw ValidationError("Expected a number from 1 to 86400, found \(number).")
        }
        if let missing { throw ValidationError("\(verb.rawValue) needs \(missing).") }
        if verb != .initialize, let root { throw ValidationError("Unexpected argument '\(root)'.") }
    }

    func run() throws {
        do {
            switch verb {
            case .initialize: try initialize()
            case .refresh: try refresh()
            case .download: try download()
            }
        } catch {
            let line = Array("aadc-tuf: \(error)\n".utf8)
            _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
            throw ExitCode(1)
        }
    }

    private func initialize() throws {
        let path = root ?? ""
        guard let bytes = try DurableFiles.read(path, limit: ClientLimits().root) else {
            throw TUFError(.store, role: .root, file: path, "expected the trusted root, found no such file")
        }
        _ = try TrustedMetadata(root: bytes, file: path, now: SystemClock().now())
        try FolderStore(metadataDir).write(RoleName.root.fileName, bytes)
    }

    private func downloader() throws -> Downloader {
        var settings = TransferSettings()
        settings.limits.lowSpeedSeconds = stallSeconds
        settings.limits.documentSeconds = totalSeconds
        settings.limits.attempts = attempts
        return try Downloader(settings: settings, clock: SystemClock())
    }

    private func client(_ downloader: Downloader) throws -> Client {
        try Client(
            store: FolderStore(metadataDir),
            fetcher: MetadataDownload([try TransferAddress(metadataUrl ?? "")], downloader),
            now: SystemClock().now())
    }

    private func refresh() throws {
        var client = try client(downloader())
        try client.refresh()
    }

    private func download() throws {
        let (name, folder) = (targetName ?? "", targetDir ?? "")
        let downloader = try downloader()
        var client = try client(downloader)
        try client.refresh()
        let info = try client.target(name)
        let path = "\(folder)/\(SafeFileName.local(name))"
        if let kept = try DurableFiles.read(path, limit: info.length), info.problem(of: kept) == nil { return }
        let remote = escapedPath(client.targetFileName(name, info))
        let bytes = try downloader.fetchDocument(try address(targetBaseUrl ?? "", remote), limit: info.length)
        if let problem = info.problem(of: bytes) {
            throw TUFError(.content, role: .targets, file: remote, problem)
        }
        try DurableFiles.makeFolders(folder)
        try DurableFiles.replace(path, bytes, mode: 0o644)
    }
}
