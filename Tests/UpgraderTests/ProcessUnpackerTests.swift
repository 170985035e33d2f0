import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing
import Upgrader

@Suite("unpacking through the program")
struct ProcessUnpackerTests {
    /// A built release, and a folder to unpack it into.
    private struct Built {
        let document: [UInt8]
        let manifest: ReleaseManifest
        let archive: [UInt8]
        let target: String
    }

    private func withBuilt(_ body: (Built) throws -> Void) throws {
        try withTemporaryFolder { place in
            let small = try SmallRelease(below: place, payload: noise(bytes: 3 << 20))
            let output = place.appending(path: "built")
            let built = try run(
                builtProgram("aadc-publish"),
                ["build-release", small.folder.path, "--recipe", small.recipe.path, "--output", output.path])
            try #require(built.status == 0, "\(built.errors)")
            let document = Array(try Data(contentsOf: output.appending(path: "adsync-1.1.750.0.release.json")))
            let target = place.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            try body(
                Built(
                    document: document, manifest: try ReleaseManifest(bytes: document, file: "release.json"),
                    archive: Array(try Data(contentsOf: output.appending(path: "adsync-1.1.750.0.tar.zst"))),
                    target: target.path))
        }
    }

    private var unpacker: ProcessUnpacker {
        ProcessUnpacker(program: builtProgram("aadc-unpack").path, clock: SystemClock())
    }

    /// Feeds the archive in pieces, as they arrive; false where the program ended before the last.
    private func feed(_ session: any UnpackSession, _ archive: [UInt8], pieces: Int = 70_001) -> Bool {
        stride(from: 0, to: archive.count, by: pieces).allSatisfy { start in
            archive[start..<min(start + pieces, archive.count)].withUnsafeBytes { session.take($0) }
        }
    }

    @Test("makes the tree that the document lists while the archive arrives")
    func unpacks() throws {
        try withBuilt { built in
            let session = try unpacker.begin(into: built.target, manifest: built.manifest, document: built.document)
            #expect(feed(session, built.archive))
            try session.finish()
            try unpacker.verify(built.target, manifest: built.manifest, document: built.document)
        }
    }

    @Test("refuses an archive that ends too early, and one that goes on")
    func refuses() throws {
        try withBuilt { built in
            let session = try unpacker.begin(into: built.target, manifest: built.manifest, document: built.document)
            _ = feed(session, Array(built.archive.dropLast(1000)))
            let failure = #expect(throws: StepFailure.self) { try session.finish() }
            #expect(failure?.reason == "PackageRefused")
            #expect(failure?.message.contains("cut off") == true, "\(failure?.message ?? "")")
        }
        try withBuilt { built in
            let session = try unpacker.begin(into: built.target, manifest: built.manifest, document: built.document)
            // Much more than a pipe holds: the feeding notices that nobody reads any more, and goes on living.
            #expect(!feed(session, built.archive + [UInt8](repeating: 1, count: 8 << 20)))
            let failure = #expect(throws: StepFailure.self) { try session.finish() }
            #expect(failure?.reason == "PackageRefused")
        }
    }

    @Test("tells another program's end as what it is")
    func fails() throws {
        try withBuilt { built in
            let program = ProcessUnpacker(program: "/bin/false", clock: SystemClock())
            let session = try program.begin(into: built.target, manifest: built.manifest, document: built.document)
            _ = feed(session, built.archive)
            let failure = #expect(throws: StepFailure.self) { try session.finish() }
            #expect(failure?.reason == "UnpackFailed")
            #expect(failure?.message.contains("exit status 1") == true)
        }
    }

    @Test("leaves no process when it is cancelled in the middle")
    func cancelled() throws {
        try withBuilt { built in
            let session = try unpacker.begin(into: built.target, manifest: built.manifest, document: built.document)
            #expect(built.archive.prefix(100_000).withUnsafeBytes { session.take($0) })
            session.cancel()
            #expect(!built.archive.withUnsafeBytes { session.take($0) })
            #expect(try RunningProcess.endAll(below: URL(filePath: built.target)).isEmpty)
        }
    }
}
