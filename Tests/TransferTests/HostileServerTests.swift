import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing
import Transfer
import VersionCatalog

@Suite("a hostile or broken server")
struct HostileServerTests {
    private static let size = TransferFixture.chunkSize

    private func address(_ fixture: TransferFixture) throws -> TransferAddress {
        try TransferAddress(fixture.server.address).appending("catalog.json")
    }

    @Test("dies at a tenth of the body: exactly the missing chunks are fetched in the next run", arguments: 1...9)
    func dies(tenth: Int) throws {
        try TransferFixture.with { fixture in
            let died = fixture.chunks.archiveSize * tenth / 10
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: died))
            let once = try fixture.downloader { $0.limits.attempts = 1 }
            let error = #expect(throws: TransferError.self) { try fixture.fetch(with: once, mirrors: [fixture.server]) }
            #expect(error?.kind == .incomplete)
            let border = died / Self.size * Self.size
            try fixture.expectVerifiedBeginning(chunks: died / Self.size...died / Self.size)
            let fetched = try fixture.fetch(mirrors: [fixture.server])
            try fixture.expectWhole(fetched)
            #expect(fetched.resumedBytes == border)
            #expect(fixture.server.sentBytes == died + fixture.chunks.archiveSize - border)
        }
    }

    @Test("sends without end: stopped at the limit", arguments: [ServerFault.endlessChunks, .endlessHeaders])
    func endless(fault: ServerFault) throws {
        try TransferFixture.with { fixture in
            fixture.server.always("/catalog.json", fault)
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(address(fixture), limit: 50_000)
            }
            #expect(error?.kind == .tooLarge)
            // What lies in buffers of both sides is sent and not taken.
            #expect(fixture.server.sentBytes < 32 << 20)
            fixture.server.always(fixture.archivePath, fault)
            let archive = #expect(throws: TransferError.self) { try fixture.fetch(mirrors: [fixture.server]) }
            #expect(archive?.kind == (fault == .endlessChunks ? .damagedChunk(0) : .tooLarge))
            try fixture.expectVerifiedBeginning(chunks: 0...0)
        }
    }

    @Test("is slower than the floor, or takes for ever: left at the limit", arguments: ["floor", "deadline", "stall"])
    func slow(what: String) throws {
        try TransferFixture.with { fixture in
            let stall = ServerFault.stall(afterBytes: fixture.chunks.archiveSize * 9 / 10)
            // A byte now and then is above no floor worth the name, but would keep a connection busy for a day.
            fixture.server.always(fixture.archivePath, what == "stall" ? stall : .drip(pauseMilliseconds: 50))
            let downloader = try fixture.downloader {
                $0.limits.attempts = 1
                if what == "deadline" {
                    $0.limits.archiveSeconds = 1
                } else {
                    $0.limits.lowSpeedBytesPerSecond = 1000
                    $0.limits.lowSpeedSeconds = 1
                }
            }
            let error = #expect(throws: TransferError.self) {
                try fixture.fetch(with: downloader, mirrors: [fixture.server])
            }
            #expect(error?.kind == .timedOut)
            let kept = what == "stall" ? 18 : 0
            try fixture.expectVerifiedBeginning(chunks: kept...kept)
        }
    }

    @Test(
        "claims an encoding: nothing is decoded, and what is not the document is refused",
        arguments: ["Content-Encoding: gzip", "Content-Encoding: gzip, gzip", "Content-Encoding: zstd"])
    func contentEncoding(header: String) throws {
        try TransferFixture.with { fixture in
            // A megabyte of nothing in a kilobyte.
            let zeros = fixture.place.appending(path: "zeros")
            try Data(count: 1 << 20).write(to: zeros)
            #expect(try run(URL(filePath: "/usr/bin/gzip"), [zeros.path]).status == 0)
            let bomb = try Data(contentsOf: zeros.appendingPathExtension("gz"))
            let file = fixture.release.releaseDocument
            try bomb.write(to: fixture.repository.appending(path: file.path))
            fixture.server.always("/\(file.path)", .headers([header]))
            let location = try TransferAddress(fixture.server.address).appending(file.path)
            let bytes = try fixture.downloader().fetchDocument(location, limit: bomb.count)
            #expect(Data(bytes) == bomb)
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(location, limit: 1 << 20, expecting: file)
            }
            #expect(error?.kind == .wrongContent || error?.kind == .tooLarge)
            #expect(fixture.server.requests.allSatisfy { $0.headers["accept-encoding"] == nil })
            // An archive that is right is right whatever it is called.
            fixture.server.always(fixture.archivePath, .headers([header]))
            try fixture.expectWhole(try fixture.fetch(mirrors: [fixture.server]))
        }
    }

    @Test(
        "contradicts itself in its headers: no byte of it is believed",
        arguments: [
            ["Transfer-Encoding: gzip"], ["Transfer-Encoding: chunked"], ["Content-Length: 3"], ["Content-Length: -1"],
            ["Content-Length: 99999999999999999999999"],
        ])
    func headers(lines: [String]) throws {
        try TransferFixture.with { fixture in
            let file = fixture.release.releaseDocument
            fixture.server.always("/\(file.path)", .headers(lines))
            let location = try TransferAddress(fixture.server.address).appending(file.path)
            let right = try Data(contentsOf: fixture.repository.appending(path: file.path))
            // Either refused or, where the contradiction leaves no doubt about the bytes, exactly right.
            if let bytes = try? fixture.downloader().fetchDocument(location, limit: 100_000, expecting: file) {
                #expect(Data(bytes) == right)
            }
            fixture.server.script(fixture.archivePath, .headers(lines))
            try fixture.expectWhole(try fixture.fetch(mirrors: [fixture.server]))
        }
    }

    @Test("sends a part of the changed file whatever the tag is: never spliced", arguments: [true, false])
    func ignoresCondition(withTag: Bool) throws {
        try TransferFixture.with { fixture in
            fixture.server.script(
                fixture.archivePath, .closeAfter(bytes: 6 * Self.size), .ignoreCondition(withTag: withTag))
            let archive = fixture.repository.appending(path: fixture.release.archive.path)
            let right = try Data(contentsOf: archive)
            let mended = try FileManager.default.url(
                for: .itemReplacementDirectory, in: .userDomainMask, appropriateFor: archive, create: true)
            defer { try? FileManager.default.removeItem(at: mended) }
            let fetched = try fixture.fetch(
                from: fixture.server.address,
                progress: { step in
                    if step.received == 6 * Self.size, step.verified == step.received {
                        try? noise(bytes: right.count, seed: 9).write(to: archive)
                    }
                },
                shouldStop: {
                    // The publisher puts the right file back after the wrong part was sent.
                    if fixture.server.requests.count == 2 { try? right.write(to: archive) }
                    return false
                })
            try fixture.expectWhole(fetched)
            #expect(fetched.failures.dropFirst().first?.reason.kind == (withTag ? .wrongAnswer : .damagedChunk(6)))
        }
    }

    @Test("has a shorter file than before: says so and keeps what was right")
    func shorter() throws {
        try TransferFixture.with { fixture in
            fixture.server.script(fixture.archivePath, .closeAfter(bytes: 6 * Self.size), .status(416))
            fixture.server.always(fixture.archivePath, .closeAfter(bytes: 100))
            let error = #expect(throws: TransferError.self) { try fixture.fetch(mirrors: [fixture.server]) }
            #expect(error?.kind == .incomplete)
            #expect(fixture.ranges == [nil, "bytes=\(6 * Self.size)-", nil, nil])
            try fixture.expectVerifiedBeginning(chunks: 6...6)
        }
    }

    @Test("does not speak HTTP at all")
    func garbage() throws {
        try TransferFixture.with { fixture in
            fixture.server.always("/catalog.json", .garbage("SSH-2.0-OpenSSH_9.2\r\n"))
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(address(fixture), limit: 50_000)
            }
            #expect(error?.kind == .wrongAnswer, "\(String(describing: error))")
        }
    }

    @Test("is a captive portal: its page is no document and no archive")
    func portal() throws {
        try TransferFixture.with { fixture in
            let page = ServerFault.page("<html>Please accept our terms</html>")
            for file in [fixture.release.releaseDocument, fixture.release.archive] {
                fixture.server.always("/\(file.path)", page)
            }
            let file = fixture.release.releaseDocument
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(
                    TransferAddress(fixture.server.address).appending(file.path), limit: 100_000, expecting: file)
            }
            #expect(error?.kind == .wrongContent)
            #expect(throws: TransferError.self) { try fixture.fetch(mirrors: [fixture.server]) }
            try fixture.expectVerifiedBeginning(chunks: 0...0)
            // Behind the portal is a mirror that it does not hide.
            try fixture.withMirrors(1) { mirrors in
                try fixture.expectWhole(try fixture.fetch(mirrors: [fixture.server] + mirrors))
            }
        }
    }

    @Test(
        "is asked for the name that was meant, whatever characters it has",
        arguments: ["a%2Fb", "%2e%2e", "a?b#c", "ä"])
    func names(name: String) throws {
        try TransferFixture.with { fixture in
            try Data("right".utf8).write(to: fixture.repository.appending(path: name))
            let location = try TransferAddress(fixture.server.address).appending(name)
            #expect(try fixture.downloader().fetchDocument(location, limit: 10) == Array("right".utf8))
        }
    }

    @Test("hangs in the TLS handshake: left at the limit")
    func handshake() throws {
        try TransferFixture.with { fixture in
            fixture.server.beSilentToTLS()
            let downloader = try fixture.downloader {
                $0.limits.connectSeconds = 1
                $0.limits.attempts = 1
            }
            let error = #expect(throws: TransferError.self) {
                try downloader.fetchDocument(TransferAddress("https://127.0.0.1:\(fixture.server.port)/a"), limit: 10)
            }
            #expect(error?.kind == .timedOut)
        }
    }
}
