import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

@testable import Transfer

@Suite("what is set for transfers")
struct TransferSettingsTests {
    private static let setting = "proxyCredentialsFile"

    private func address(_ fixture: TransferFixture) throws -> TransferAddress {
        try TransferAddress(fixture.server.address).appending("catalog.json")
    }

    // MARK: Secrets

    @Test(
        "refuses a secret that others can read, or that is none, without saying what it is",
        arguments: [
            ("user:hunter2\n", 0o640, "chmod 600"), ("user:hunter2\n", 0o604, "chmod 600"),
            ("user:hunter2\n", 0o620, "chmod 600"), ("hunter2\n", 0o600, "user:password"),
            (":hunter2\n", 0o600, "user:password"), ("", 0o600, "one line"), ("a:hunter2\nb:c\n", 0o600, "one line"),
            ("a:hunter2\u{1B}", 0o600, "one line"), (String(repeating: "a:hunter2", count: 500), 0o600, "4096 bytes"),
        ])
    func refused(content: String, mode: Int, words: String) throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "secret").path
            try Data(content.utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            var settings = TransferSettings()
            settings.proxyCredentialsFile = path
            let error = #expect(throws: TransferError.self) { try Downloader(settings: settings, clock: SystemClock()) }
            #expect(error?.kind == .badSetting)
            #expect(error?.description.hasPrefix("\(path): \(Self.setting): ") == true)
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test("refuses files that are not there, and a key that everybody can read", arguments: ["missing", "key", "both"])
    func files(what: String) throws {
        try withTemporaryFolder { folder in
            let (certificate, key) = (folder.appending(path: "certificate.pem"), folder.appending(path: "key.pem"))
            for file in [certificate, key] { try Data("PEM".utf8).write(to: file) }
            var settings = TransferSettings()
            settings.clientCertificate = certificate.path
            // A certificate is no secret, but where it lies beside its key in one file.
            settings.clientKey = what == "both" ? nil : key.path
            if what == "missing" { try FileManager.default.removeItem(at: key) }
            let error = #expect(throws: TransferError.self) { try Downloader(settings: settings, clock: SystemClock()) }
            #expect(error?.kind == .badSetting)
            #expect(error?.address == (what == "both" ? certificate.path : key.path))
            for file in [certificate, key] {
                try Data("PEM".utf8).write(to: file)
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
            }
            #expect(throws: Never.self) { try Downloader(settings: settings, clock: SystemClock()) }
        }
    }

    // MARK: Proxies

    @Test("logs in to a proxy that demands it, with what a file says", arguments: ["right:pass:word", "wrong:x", nil])
    func proxyLogin(login: String?) throws {
        try TransferFixture.with { fixture in
            fixture.server.always("/catalog.json", .demandProxyLogin("right:pass:word"))
            let file = fixture.place.appending(path: "login")
            try Data("\(login ?? "")\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let downloader = try fixture.downloader {
                $0.proxy = .address(fixture.server.address, noProxy: "")
                if login != nil { $0.proxyCredentialsFile = file.path }
            }
            let address = try TransferAddress("http://repository.invalid/catalog.json")
            if login == "right:pass:word" {
                #expect(try !downloader.fetchDocument(address, limit: 100_000).isEmpty)
            } else {
                let error = #expect(throws: TransferError.self) {
                    try downloader.fetchDocument(address, limit: 100_000)
                }
                #expect(error?.kind == .proxyAuthenticationRequired)
                #expect(error?.description.contains("wrong") == false)
            }
            // Nobody but the proxy hears of it.
            #expect(fixture.server.requests.allSatisfy { $0.headers["authorization"] == nil })
        }
    }

    @Test("does not tell the password to a server that is reached without the proxy")
    func noLeak() throws {
        try TransferFixture.with { fixture in
            let file = fixture.place.appending(path: "login")
            try Data("user:password\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let downloader = try fixture.downloader { $0.proxyCredentialsFile = file.path }
            let address = try address(fixture)
            #expect(try !downloader.fetchDocument(address, limit: 100_000).isEmpty)
            let headers = try #require(fixture.server.requests.first?.headers)
            #expect(headers["proxy-authorization"] == nil && headers["authorization"] == nil)
        }
    }

    @Test(
        "says what a proxy does that stands in the way of an encrypted repository",
        arguments: [
            (407, TransferError.Kind.proxyAuthenticationRequired), (403, .forbidden), (502, .proxyRefused),
        ])
    func tunnelRefused(status: Int, kind: TransferError.Kind) throws {
        try TransferFixture.with { fixture in
            fixture.server.always("repository.invalid:443", .status(status))
            let downloader = try fixture.downloader { $0.proxy = .address(fixture.server.address, noProxy: "") }
            let error = #expect(throws: TransferError.self) {
                try downloader.fetchDocument(TransferAddress("https://repository.invalid/a"), limit: 10)
            }
            #expect(error?.kind == kind)
        }
    }

    @Test("does not believe a proxy that rewrites what it passes on", arguments: [true, false])
    func rewritten(isPage: Bool) throws {
        try TransferFixture.with { fixture in
            let file = fixture.release.releaseDocument
            let downloader = try fixture.downloader { $0.proxy = .address(fixture.server.address, noProxy: "") }
            let fault = isPage ? ServerFault.page("<html>Please log in</html>") : .corrupt(byte: 5)
            fixture.server.always("/\(file.path)", fault)
            fixture.server.always(fixture.archivePath, fault)
            let location = try TransferAddress("http://repository.invalid")
            let error = #expect(throws: TransferError.self) {
                try downloader.fetchDocument(location.appending(file.path), limit: 100_000, expecting: file)
            }
            #expect(error?.kind == .wrongContent)
            let archive = #expect(throws: TransferError.self) {
                try fixture.fetch(with: downloader, from: location.description)
            }
            #expect(archive?.kind == (isPage ? .incomplete : .damagedChunk(0)))
            try fixture.expectVerifiedBeginning(chunks: 0...0)
        }
    }

    // MARK: Pace

    @Test(
        "waits as long as the server asks for, up to a limit",
        arguments: [
            ("7", 7000), ("0", 1000), ("99999999999999999999", 300_000), ("Thu, 01 Jan 1970 00:00:09 GMT", 9000),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 300_000), ("Wed, 31 Dec 1969 23:59:59 GMT", 1000), ("-5", 1000),
            ("soon", 1000), ("20260101", 300_000),
        ])
    func retryAfter(value: String, milliseconds: Int) throws {
        try TransferFixture.with { fixture in
            fixture.server.script("/catalog.json", .status(503, headers: ["Retry-After: \(value)"]))
            let address = try address(fixture)
            #expect(try !fixture.downloader().fetchDocument(address, limit: 100_000).isEmpty)
            #expect(fixture.clock.pausedMilliseconds.reduce(0, +) == milliseconds)
            #expect(fixture.clock.pausedMilliseconds.allSatisfy { $0 <= 5000 })
        }
    }

    @Test("does not wait for one mirror where another can be asked")
    func retryElsewhere() throws {
        try TransferFixture.with { fixture in
            try fixture.withMirrors(1) { mirrors in
                fixture.server.script(fixture.archivePath, .status(429, headers: ["Retry-After: 100"]))
                mirrors[0].script(fixture.archivePath, .closeAfter(bytes: 4096))
                try fixture.expectWhole(try fixture.fetch(mirrors: [fixture.server] + mirrors))
                #expect(fixture.clock.pausedMilliseconds.reduce(0, +) == 100_000)
            }
        }
    }

    @Test("can be stopped while it waits")
    func stopWhileWaiting() throws {
        try TransferFixture.with { fixture in
            fixture.server.always("/catalog.json", .status(503, headers: ["Retry-After: 200"]))
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(
                    address(fixture), limit: 100_000, shouldStop: { !fixture.clock.pausedMilliseconds.isEmpty })
            }
            #expect(error?.kind == .cancelled)
            #expect(fixture.clock.pausedMilliseconds == [5000])
        }
    }

    @Test("ends a transfer whose attempts together take too long, and keeps what it has")
    func whole() throws {
        try TransferFixture.with { fixture in
            fixture.server.script(
                fixture.archivePath, .closeAfter(bytes: 2 * 4096), .status(503, headers: ["Retry-After: 100"]))
            var settings = TransferSettings()
            settings.proxy = .direct
            settings.limits.wholeSeconds = 90
            let downloader = try Downloader(settings: settings, clock: TestClock())
            let error = #expect(throws: TransferError.self) {
                try fixture.fetch(with: downloader, mirrors: [fixture.server])
            }
            #expect(error?.kind == .outOfTime)
            #expect(fixture.server.requests.count == 2)
            try fixture.expectVerifiedBeginning(chunks: 2...2)
        }
    }

    @Test(
        "does not take its own bandwidth limit for a slow server",
        arguments: [(nil, 5, 5), (1000, 5, 5), (8, 5, 4), (1, 5, 1)] as [(Int?, Int, Int)])
    func floor(bandwidth: Int?, wanted: Int, floor: Int) {
        var settings = TransferSettings()
        settings.bandwidthBytesPerSecond = bandwidth
        settings.limits.lowSpeedBytesPerSecond = wanted
        #expect(settings.rateFloor == floor)
        #expect((1024...1 << 18).contains(settings.bufferSize))
    }

    @Test("keeps to a bandwidth, which does not look like a slow server")
    func bandwidth() throws {
        try TransferFixture.with { fixture in
            var settings = TransferSettings()
            settings.proxy = .direct
            settings.bandwidthBytesPerSecond = 4000
            settings.limits.lowSpeedBytesPerSecond = 1 << 30
            settings.limits.attempts = 1
            let clock = TestClock()
            let downloader = try Downloader(settings: settings, clock: clock)
            try fixture.expectWhole(try fixture.fetch(with: downloader, mirrors: [fixture.server]))
            #expect(clock.monotonicMilliseconds() == fixture.chunks.archiveSize / 4)
        }
    }
}
