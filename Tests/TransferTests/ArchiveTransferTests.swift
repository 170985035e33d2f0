import Foundation
import LinuxHost
import ReleaseContract
import Synchronization
import TestSupport
import Testing
import Transfer
import VersionCatalog

@Suite("fetching an archive")
struct ArchiveTransferTests {
    private static let size = TransferFixture.chunkSize

    @Test("keeps the whole archive under its digest and asks once")
    func whole() throws {
        try TransferFixture.with { fixture in
            let steps = Mutex<[TransferProgress]>([])
            let fetched = try fixture.fetch(progress: { step in steps.withLock { $0.append(step) } })
            try fixture.expectWhole(fetched)
            #expect(fetched.requests == 1)
            #expect(fixture.ranges == [nil])
            let last = try #require(steps.withLock { $0.last })
            #expect(last.verified == fixture.chunks.archiveSize && last.total == fixture.chunks.archiveSize)
            let again = try fixture.fetch()
            #expect(again.requests == 0 && fixture.server.requests.count == 1)
        }
    }

    @Test("comes from a folder and from a file address as well", arguments: ["path", "file"])
    func local(kind: String) throws {
        try TransferFixture.with { fixture in
            let path = fixture.repository.path
            try fixture.expectWhole(try fixture.fetch(from: kind == "path" ? path + "/" : "file://" + path))
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test(
        "goes on at the border of the last whole chunk when the connection breaks",
        arguments: [0, 1, 4095, 4096, 5000, 40_960, 80_000])
    func broken(bytes: Int) throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: bytes))
            try fixture.expectWhole(try fixture.fetch())
            let border = bytes / Self.size * Self.size
            #expect(fixture.ranges == [nil, border == 0 ? nil : "bytes=\(border)-"])
            if border > 0 { #expect(fixture.server.requests[1].headers["if-range"]?.hasPrefix("\"") == true) }
        }
    }

    @Test("gets through a server that breaks off again and again, as long as chunks arrive")
    func breaksOften() throws {
        try TransferFixture.with { fixture in
            for _ in 0..<8 { fixture.server.script(fixture.archivePath, .closeAfter(bytes: 2 * Self.size)) }
            let fetched = try fixture.fetch()
            try fixture.expectWhole(fetched)
            #expect(fetched.requests == 9)
        }
    }

    @Test("gives up when nothing more arrives, and keeps what was verified")
    func givesUp() throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: 3 * Self.size + 100))
            fixture.server.always(fixture.archivePath, .closeAfter(bytes: 100))
            let error = #expect(throws: TransferError.self) { try fixture.fetch() }
            #expect(error?.kind == .incomplete)
            #expect(fixture.server.requests.count == TransferLimits().attempts)
            #expect(fixture.clock.pausedMilliseconds == [1000, 2000, 4000])
            try fixture.expectVerifiedBeginning(chunks: 3...3)
            let another = try withLoopbackServer(fixture.repository) { try fixture.fetch(from: $0.address) }
            #expect(another.resumedBytes == 3 * Self.size)
            try fixture.expectWhole(another)
        }
    }

    @Test("fetches one damaged chunk again and nothing before it", arguments: [0, 7, 20])
    func damagedOnce(chunk: Int) throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .corrupt(byte: chunk * Self.size + 17))
            try fixture.expectWhole(try fixture.fetch())
            #expect(fixture.ranges == [nil, chunk == 0 ? nil : "bytes=\(chunk * Self.size)-"])
        }
    }

    @Test("never keeps a damaged chunk, and stops asking for it")
    func damagedAlways() throws {
        try TransferFixture.with { fixture in
            fixture.server.always(fixture.archivePath, .corrupt(byte: 5 * Self.size))
            let error = #expect(throws: TransferError.self) { try fixture.fetch() }
            #expect(error?.kind == .damagedChunk(5))
            #expect(error?.description.contains("tell the publisher") == true)
            #expect(fixture.server.requests.count == TransferLimits().damagedChunk)
            try fixture.expectVerifiedBeginning(chunks: 5...5)
        }
    }

    @Test(
        "takes a whole answer where it asked for the rest, or another part, without splicing them",
        arguments: [
            ServerFault.ignoreRange, .wrongRange,
        ])
    func wrongAnswers(fault: ServerFault) throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: 6 * Self.size), fault)
            try fixture.expectWhole(try fixture.fetch())
            #expect(fixture.ranges[1] == "bytes=\(6 * Self.size)-")
        }
    }

    @Test("finds that the file behind an interrupted transfer has changed")
    func changedFile() throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: 6 * Self.size))
            let archive = fixture.repository.appending(path: fixture.release.archive.path)
            let error = #expect(throws: TransferError.self) {
                try fixture.fetch(progress: { step in
                    if step.received == 6 * Self.size {
                        try? noise(bytes: fixture.chunks.archiveSize, seed: 9).write(to: archive)
                    }
                })
            }
            #expect(error?.kind == .damagedChunk(6))
        }
    }

    @Test(
        "believes no announced length: short, long or unending content",
        arguments: [
            (ServerFault.contentLength(10_000), TransferError.Kind.incomplete, 2),
            (.contentLength(200_000), .incomplete, 1), (.append(bytes: 1), .tooLarge, 1),
            (.append(bytes: 1_000_000), .tooLarge, 1),
        ])
    func lengths(fault: ServerFault, kind: TransferError.Kind, requests: Int) throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, fault)
            let fetched = try fixture.fetch()
            try fixture.expectWhole(fetched)
            #expect(fetched.requests == requests)
            #expect(fetched.failures.map(\.reason.kind) == [kind])
        }
    }

    @Test(
        "keeps of an old partial file what is right in it",
        arguments: [
            ("torn", 4), ("damaged", 2), ("longer", 21), ("stranger", 0),
        ])
    func partialFiles(what: String, kept: Int) throws {
        try TransferFixture.with { fixture in
            let archive = try Data(contentsOf: fixture.repository.appending(path: fixture.release.archive.path))
            var partial = archive
            switch what {
            case "torn": partial = archive.prefix(4 * Self.size + 1000)
            case "damaged": partial[2 * Self.size + 5] ^= 1
            case "longer": partial.append(Data(repeating: 1, count: 10_000))
            default: partial = noise(bytes: 9000, seed: 3)
            }
            try FileManager.default.createDirectory(
                atPath: fixture.downloads, withIntermediateDirectories: true, attributes: nil)
            try partial.write(to: fixture.partial)
            let fetched = try fixture.fetch()
            try fixture.expectWhole(fetched)
            #expect(fetched.resumedBytes == min(kept * Self.size, fixture.chunks.archiveSize))
        }
    }

    @Test("fetches anew what lies finished and was damaged since")
    func damagedLater() throws {
        try TransferFixture.with { fixture in
            let fetched = try fixture.fetch()
            try noise(bytes: fixture.chunks.archiveSize).write(to: URL(filePath: fetched.path))
            try fixture.expectWhole(try fixture.fetch())
        }
    }

    @Test("stops when it is told to, and goes on later")
    func cancelled() throws {
        try TransferFixture.with { fixture in
            let received = Mutex(0)
            let error = #expect(throws: TransferError.self) {
                fixture.server.script(fixture.archivePath, .stall(afterBytes: 7 * Self.size + 1))
                _ = try fixture.fetch(
                    progress: { step in received.withLock { $0 = step.received } },
                    shouldStop: { received.withLock { $0 > 7 * Self.size } })
            }
            #expect(error?.kind == .cancelled)
            try fixture.expectVerifiedBeginning(chunks: 7...7)
            try fixture.expectWhole(try fixture.fetch())
        }
    }

    @Test("says that the folder cannot be written")
    func unwritable() throws {
        try TransferFixture.with { fixture in
            try Data().write(to: URL(filePath: fixture.downloads))
            let error = #expect(throws: TransferError.self) { try fixture.fetch() }
            guard case .file = error?.kind else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(fixture.server.requests.isEmpty)
        }
    }
}
