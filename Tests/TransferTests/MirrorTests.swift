import Foundation
import LinuxHost
import ReleaseContract
import Synchronization
import TestSupport
import Testing
import Transfer
import VersionCatalog

@Suite("fetching an archive in one pass, from several mirrors")
struct MirrorTests {
    private static let size = TransferFixture.chunkSize

    @Test("hands the verified bytes out in order, and those of an earlier run first")
    func handsOut() throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: 5 * Self.size + 7))
            let impatient = try fixture.downloader { $0.limits.attempts = 1 }
            #expect(throws: TransferError.self) { try fixture.fetch(with: impatient, mirrors: [fixture.server]) }
            try fixture.expectVerifiedBeginning(chunks: 5...5)
            let fetched = try fixture.fetch(mirrors: [fixture.server])
            #expect(fetched.resumedBytes == 5 * Self.size)
            try fixture.expectWhole(fetched)
            // The finished archive is handed out without the server.
            let again = try fixture.fetch(mirrors: [fixture.server])
            #expect(again.requests == 0 && fixture.ranges == [nil, "bytes=\(5 * Self.size)-"])
            try fixture.expectWhole(again)
        }
    }

    @Test(
        "fetches only what is missing of a finished archive that was damaged since",
        arguments: [
            (0, 0), (6 * Self.size + 3, 6), (20 * Self.size + 1, 20),
        ])
    func damagedLater(byte: Int, chunk: Int) throws {
        try TransferFixture.with { fixture in
            let path = try fixture.fetch().path
            var content = try Data(contentsOf: URL(filePath: path))
            content[byte] ^= 1
            try content.write(to: URL(filePath: path))
            let fetched = try fixture.fetch(mirrors: [fixture.server])
            try fixture.expectWhole(fetched)
            #expect(fetched.resumedBytes == chunk * Self.size)
            #expect(fixture.ranges == [nil, chunk == 0 ? nil : "bytes=\(chunk * Self.size)-"])
        }
    }

    @Test("ends when its bytes are not taken, and keeps what it has", arguments: [1, 4, 20])
    func notTaken(chunks: Int) throws {
        try TransferFixture.with { fixture in
            let limit = min(chunks * Self.size, fixture.chunks.archiveSize)
            let error = #expect(throws: TransferError.self) {
                try fixture.fetch(mirrors: [fixture.server], taking: limit)
            }
            #expect(error?.kind == .notTaken && error?.isTemporary == false)
            #expect(fixture.server.requests.count == 1)
            try fixture.expectVerifiedBeginning(chunks: chunks...chunks)
            // It also says so about what is kept.
            let again = #expect(throws: TransferError.self) { try fixture.fetch(mirrors: [fixture.server], taking: 1) }
            #expect(again?.kind == .notTaken && fixture.server.requests.count == 1)
            try fixture.expectWhole(try fixture.fetch(mirrors: [fixture.server]))
        }
    }

    @Test(
        "leaves a mirror that fails for the next, at the border of the last verified chunk",
        arguments: [
            (ServerFault.closeAfter(bytes: 5 * Self.size + 9), TransferError.Kind.incomplete, 5),
            (.corrupt(byte: 7 * Self.size), .damagedChunk(7), 7), (.status(503), .status(503), 0),
            (.status(404), .notFound, 0), (.status(403), .forbidden, 0), (.contentLength(10_000), .incomplete, 2),
            (.redirect(to: "/nowhere"), .notFound, 0), (.stall(afterBytes: 3 * Self.size), .timedOut, 3),
        ])
    func next(fault: ServerFault, kind: TransferError.Kind, border: Int) throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(1) { mirrors in
                fixture.server.always(fixture.archivePath, fault)
                let downloader = try fixture.downloader { $0.limits.lowSpeedSeconds = 1 }
                let fetched = try fixture.fetch(with: downloader, mirrors: [fixture.server] + mirrors)
                try fixture.expectWhole(fetched)
                #expect(fetched.failures.map(\.reason.kind) == [kind])
                #expect(fetched.failures.map(\.address) == [fixture.server.address + fixture.archivePath])
                #expect(fixture.server.requests.filter { $0.path == fixture.archivePath }.count == 1)
                #expect(mirrors[0].requests.map(\.range) == [border == 0 ? nil : "bytes=\(border * Self.size)-"])
                // Nobody waits where another mirror can be asked.
                #expect(fixture.clock.pausedMilliseconds.isEmpty)
                // The other one knows nothing of the first one's tag.
                #expect(mirrors[0].requests[0].headers["if-range"] == nil)
                #expect(downloader.failures == fetched.failures)
            }
        }
    }

    @Test("leaves a mirror whose file changed midway")
    func changed() throws {
        try TransferFixture.with { fixture in
            let other = fixture.place.appending(path: "other")
            try FileManager.default.copyItem(at: fixture.repository, to: other)
            try withLoopbackServer(other) { changing in
                for server in [changing, fixture.server] {
                    server.script(fixture.archivePath, .closeAfter(bytes: 4 * Self.size))
                }
                let archive = other.appending(path: fixture.release.archive.path)
                let fetched = try fixture.fetch(
                    mirrors: [changing, fixture.server],
                    progress: { step in
                        guard step.received == 8 * Self.size else { return }
                        try? noise(bytes: fixture.chunks.archiveSize, seed: 5).write(to: archive)
                    })
                try fixture.expectWhole(fetched)
                #expect(fetched.failures.map(\.reason.kind) == [.incomplete, .incomplete, .changed])
                #expect(changing.requests[1].headers["if-range"]?.hasPrefix("\"") == true)
                #expect(fixture.ranges == ["bytes=\(4 * Self.size)-", "bytes=\(8 * Self.size)-"])
            }
        }
    }

    @Test("leaves a mirror that sends another part than was asked for")
    func wrongPart() throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(2) { mirrors in
                fixture.server.script(fixture.archivePath, .closeAfter(bytes: 4 * Self.size))
                mirrors[0].script(fixture.archivePath, .wrongRange)
                let fetched = try fixture.fetch(mirrors: [fixture.server] + mirrors)
                try fixture.expectWhole(fetched)
                #expect(fetched.failures.map(\.reason.kind) == [.incomplete, .wrongAnswer])
                #expect(mirrors[1].requests.map(\.range) == ["bytes=\(4 * Self.size)-"])
            }
        }
    }

    @Test("asks a mirror that failed last again, and waits only before that")
    func lastAgain() throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(2) { mirrors in
                fixture.server.script(fixture.archivePath, .status(500), .closeAfter(bytes: 2 * Self.size))
                mirrors[0].script(fixture.archivePath, .closeAfter(bytes: 3 * Self.size), .status(502))
                mirrors[1].always(fixture.archivePath, .status(404))
                let fetched = try fixture.fetch(mirrors: [fixture.server] + mirrors)
                try fixture.expectWhole(fetched)
                #expect(
                    fetched.failures.map(\.reason.kind) == [
                        .status(500), .incomplete, .notFound, .incomplete, .status(502),
                    ])
                #expect(fixture.ranges == [nil, "bytes=\(3 * Self.size)-", "bytes=\(5 * Self.size)-"])
                #expect(mirrors[1].requests.count == 1)
                #expect(fixture.clock.pausedMilliseconds == [1000, 1000, 1000])
            }
        }
    }

    @Test("gives up when all have failed often enough, and names each of them")
    func allFail() throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(1) { mirrors in
                fixture.server.always(fixture.archivePath, .corrupt(byte: 2 * Self.size))
                mirrors[0].always(fixture.archivePath, .status(500))
                let error = #expect(throws: TransferError.self) {
                    try fixture.fetch(mirrors: [fixture.server] + mirrors)
                }
                #expect(error?.kind == .status(500))
                #expect(error?.description.contains("\(fixture.server.address)\(fixture.archivePath): chunk 3") == true)
                #expect(fixture.server.requests.count == TransferLimits().damagedChunk)
                #expect(mirrors[0].requests.count == TransferLimits().attempts)
                try fixture.expectVerifiedBeginning(chunks: 2...2)
            }
        }
    }

    @Test("does not wait for the end of an answer that has brought everything")
    func lingering() throws {
        try TransferFixture.with { fixture in
            fixture.server.always(fixture.archivePath, .stayOpen(length: 200_000))
            var settings = TransferSettings()
            settings.proxy = .direct
            let downloader = try Downloader(settings: settings, clock: SystemClock())
            try fixture.expectWhole(try fixture.fetch(with: downloader, mirrors: [fixture.server]))
        }
    }

    @Test("does not ask another mirror when the fault is here")
    func local() throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(1) { mirrors in
                let error = #expect(throws: TransferError.self) {
                    try fixture.fetch(mirrors: [fixture.server] + mirrors, shouldStop: { true })
                }
                #expect(error?.kind == .cancelled)
                #expect(fixture.server.requests.isEmpty && mirrors[0].requests.isEmpty)
                let none = #expect(throws: TransferError.self) { try fixture.fetch(mirrors: []) }
                #expect(none?.kind == .badAddress)
            }
        }
    }

    @Test(
        "takes a document from the next mirror, whatever the first one does",
        arguments: [
            ServerFault.status(500), .status(403), .status(404), .corrupt(byte: 3), .append(bytes: 1),
            .closeAfter(bytes: 3), .stall(afterBytes: 1),
        ])
    func documents(fault: ServerFault) throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(1) { mirrors in
                let file = fixture.release.releaseDocument
                fixture.server.always("/\(file.path)", fault)
                let addresses = try ([fixture.server] + mirrors).map {
                    try TransferAddress($0.address).appending(file.path)
                }
                let downloader = try fixture.downloader { $0.limits.lowSpeedSeconds = 1 }
                for _ in 1...2 {
                    let bytes = try downloader.fetchDocument(addresses, limit: 100_000, expecting: file)
                    #expect(Data(bytes) == (try Data(contentsOf: fixture.repository.appending(path: file.path))))
                }
                // The second time the better one is asked first; a file that is missing says nothing about a mirror.
                #expect(fixture.server.requests.count == (fault == .status(404) ? 2 : 1))
                #expect(mirrors[0].requests.count == 2)
                #expect(fixture.clock.pausedMilliseconds.isEmpty)
                #expect(Set(downloader.failures.map(\.address)) == [addresses[0].description])
            }
        }
    }

    @Test("believes that a document is missing when no mirror has it", arguments: [404, 500])
    func missingDocument(other: Int) throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(1) { mirrors in
                fixture.server.always("/2.root.json", .status(other))
                let addresses = try ([fixture.server] + mirrors).map {
                    try TransferAddress($0.address).appending("2.root.json")
                }
                let error = #expect(throws: TransferError.self) {
                    try fixture.downloader().fetchDocument(addresses, limit: 100_000)
                }
                #expect(error?.kind == .notFound)
                #expect(fixture.server.requests.count == 1 && mirrors[0].requests.count == 1)
                #expect(fixture.clock.pausedMilliseconds.isEmpty)
            }
        }
    }
}
