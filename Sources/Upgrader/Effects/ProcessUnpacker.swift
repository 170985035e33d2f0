import Documents
import LinuxHost
import ReleaseContract
import Transfer

/// Unpacks with the separate program `aadc-unpack`, and compares the result here.
public struct ProcessUnpacker: ReleaseUnpacker {
    public let program: String
    public let clock: any Clock
    static let timeoutSeconds = 3600

    public init(program: String, clock: any Clock) {
        self.program = program
        self.clock = clock
    }

    public func unpack(_ archive: String, into folder: String, manifest: ReleaseManifest, tick: () throws -> Void)
        throws
    {
        // The release document itself is in the archive and not in its own list.
        let documentBytes = manifest.json.pretty.count * 2 + (1 << 20)
        let completion = try ChildProcess.run(
            Invocation(
                program: program,
                arguments: [
                    "--archive", archive, "--into", folder, "--max-bytes",
                    String(manifest.unpackedBytes + documentBytes), "--max-files", String(manifest.fileCount + 1),
                ]), timeoutSeconds: Self.timeoutSeconds, clock: clock, tick: tick)
        let words = completion.diagnostics.split(separator: "\n").last.map(String.init) ?? "it said nothing"
        switch completion.end {
        case .exited(0): return
        case .exited(65): throw StepFailure("PackageRefused", words)
        case .exited(75): throw StepFailure("InsufficientDiskSpace", words)
        case .exited(let status): throw StepFailure("UnpackFailed", "\(words) (exit status \(status))")
        case .signalled(let signal): throw StepFailure("UnpackFailed", "\(program) was ended by signal \(signal)")
        case .timedOut(let seconds): throw StepFailure("UnpackFailed", "\(program) took longer than \(seconds) s")
        }
    }

    public func verify(_ folder: String, manifest: ReleaseManifest, document: [UInt8]) throws {
        do throws(ReleaseTreeError) {
            try ReleaseTree.verify(folder, manifest, document: document)
        } catch {
            throw StepFailure("ReleaseDamaged", error.description)
        }
    }
}
