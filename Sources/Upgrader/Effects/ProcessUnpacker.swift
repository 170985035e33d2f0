import Documents
import LinuxHost
import ReleaseContract
import Transfer

/// Unpacks with the separate program `aadc-unpack`, and compares the result here.
public struct ProcessUnpacker: ReleaseUnpacker {
    public let program: String
    public let clock: any Clock
    /// How long it may take no bytes: a disk may be slow, a program that hangs is not waited for.
    static let stallSeconds = 300
    /// How long it may take for what is still in the pipe.
    static let timeoutSeconds = 600

    public init(program: String, clock: any Clock) {
        self.program = program
        self.clock = clock
    }

    public func begin(into folder: String, manifest: ReleaseManifest, document: [UInt8]) throws -> any UnpackSession {
        ProcessUnpackSession(
            program: program,
            feed: try ChildProcessFeed(
                Invocation(program: program, arguments: ["--document", "/dev/fd/3", "--into", folder]),
                file: document, stallSeconds: Self.stallSeconds, clock: clock))
    }

    public func verify(_ folder: String, manifest: ReleaseManifest, document: [UInt8]) throws {
        do throws(ReleaseTreeError) {
            try ReleaseTree.verify(folder, manifest, document: document)
        } catch {
            throw StepFailure("ReleaseDamaged", error.description)
        }
    }
}

/// A running `aadc-unpack`.
final class ProcessUnpackSession: UnpackSession {
    private let program: String
    private let feed: ChildProcessFeed

    init(program: String, feed: ChildProcessFeed) {
        self.program = program
        self.feed = feed
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> Bool { feed.take(bytes) }

    func finish() throws {
        let completion = try feed.finish(timeoutSeconds: ProcessUnpacker.timeoutSeconds)
        let words = completion.diagnostics.split(separator: "\n").last.map(String.init) ?? "it said nothing"
        switch completion.end {
        case .exited(0): return
        case .exited(65): throw StepFailure("PackageRefused", words)
        case .exited(75): throw StepFailure("InsufficientDiskSpace", words)
        case .exited(let status): throw StepFailure("UnpackFailed", "\(words) (exit status \(status))")
        case .signalled(let signal): throw StepFailure("UnpackFailed", "\(program) was ended by signal \(signal)")
        case .timedOut(let seconds):
            throw StepFailure("UnpackFailed", "\(program) did not go on for \(seconds) s and was ended")
        }
    }

    func cancel() { feed.cancel() }
}
