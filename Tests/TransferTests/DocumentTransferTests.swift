import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing
import Transfer
import VersionCatalog

@Suite("fetching documents")
struct DocumentTransferTests {
    @Test("stops at the limit, whatever the server announces", arguments: [nil, ServerFault.contentLength(10)])
    func limit(fault: ServerFault?) throws {
        try TransferFixture.with { fixture in
            if let fault { fixture.server.always("/catalog.json", fault) }
            let address = try TransferAddress(fixture.server.address).appending("catalog.json")
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(address, limit: 9)
            }
            #expect(error?.kind == .tooLarge)
        }
    }

    @Test("tries again after a passing failure, with longer and longer pauses")
    func passing() throws {
        try TransferFixture.with { fixture in
            fixture.server.script("/catalog.json", .status(503), .closeAfter(bytes: 5), .status(429))
            let address = try TransferAddress(fixture.server.address).appending("catalog.json")
            let bytes = try fixture.downloader().fetchDocument(address, limit: 100_000)
            #expect(Data(bytes) == (try Data(contentsOf: fixture.repository.appending(path: "catalog.json"))))
            #expect(fixture.clock.pausedMilliseconds == [1000, 2000, 4000])
        }
    }

    @Test(
        "names what happened and what to do",
        arguments: [
            (ServerFault.status(403), TransferError.Kind.forbidden, "allow this address", 1),
            (.status(404), .notFound, "published anew", 1), (.status(407), .proxyAuthenticationRequired, "password", 1),
            (.status(500), .status(500), "try again later", 4), (.status(401), .status(401), "status 401", 1),
            (.redirect(to: "/catalog.json"), .tooManyRedirects, "in a circle", 6),
            (.redirect(to: "file:///etc/passwd"), .refusedRedirect, "unprotected", 1),
        ])
    func failures(fault: ServerFault, kind: TransferError.Kind, advice: String, requests: Int) throws {
        try TransferFixture.with { fixture in
            fixture.server.always("/catalog.json", fault)
            let address = try TransferAddress(fixture.server.address).appending("catalog.json")
            let error = #expect(throws: TransferError.self) {
                try fixture.downloader().fetchDocument(address, limit: 100_000)
            }
            #expect(error?.kind == kind)
            #expect(error?.description.hasPrefix("\(fixture.server.address)/catalog.json: ") == true)
            #expect(error?.description.contains(advice) == true, "\(error?.description ?? "")")
            #expect(fixture.server.requests.count == requests)
        }
    }

    @Test("follows a redirect to where the file is")
    func redirect() throws {
        try TransferFixture.with { fixture in
            fixture.server.script("/old", .redirect(to: "/catalog.json"))
            let address = try TransferAddress(fixture.server.address).appending("old")
            #expect(try !fixture.downloader().fetchDocument(address, limit: 100_000).isEmpty)
        }
    }

    @Test("ends a transfer that stands still or takes too long", arguments: ["low speed", "total"])
    func stalls(limit: String) throws {
        try TransferFixture.with { fixture in
            fixture.server.always("/catalog.json", .stall(afterBytes: 3))
            let address = try TransferAddress(fixture.server.address).appending("catalog.json")
            let downloader = try fixture.downloader { settings in
                settings.limits.attempts = 1
                if limit == "total" { settings.limits.documentSeconds = 1 } else { settings.limits.lowSpeedSeconds = 1 }
            }
            let error = #expect(throws: TransferError.self) { try downloader.fetchDocument(address, limit: 100_000) }
            #expect(error?.kind == .timedOut)
        }
    }

    @Test("is patient by default")
    func patience() {
        let limits = TransferLimits()
        for seconds in [limits.connectSeconds, limits.lowSpeedSeconds, limits.documentSeconds, limits.archiveSeconds] {
            #expect(seconds >= 300)
        }
    }

    @Test("goes through the configured proxy, but not for the hosts that need none")
    func proxy() throws {
        try TransferFixture.with { fixture in
            let proxy = fixture.server.address
            let address = try TransferAddress("http://repository.invalid/catalog.json")
            let through = try fixture.downloader { $0.proxy = .address(proxy, noProxy: "other.invalid") }
            #expect(try !through.fetchDocument(address, limit: 100_000).isEmpty)
            #expect(fixture.server.requests.map(\.target) == ["http://repository.invalid/catalog.json"])
            let around = try fixture.downloader {
                $0.proxy = .address(proxy, noProxy: "repository.invalid")
                $0.limits.attempts = 1
            }
            let error = #expect(throws: TransferError.self) { try around.fetchDocument(address, limit: 100_000) }
            #expect(error?.kind == .nameNotResolved)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test("says which proxy or server cannot be reached, without passwords")
    func unreachable() throws {
        try TransferFixture.with { fixture in
            fixture.server.stop()
            let address = try TransferAddress("http://user:secret@127.0.0.1:\(fixture.server.port)/a")
            let direct = try fixture.downloader { $0.limits.attempts = 1 }
            let refused = #expect(throws: TransferError.self) { try direct.fetchDocument(address, limit: 10) }
            #expect(refused?.kind == .cannotConnect)
            #expect(refused?.description.contains("secret") == false)
            let lost = try fixture.downloader {
                $0.limits.attempts = 1
                $0.proxy = .address("http://proxy.invalid:3128", noProxy: "")
            }
            let unresolved = #expect(throws: TransferError.self) { try lost.fetchDocument(address, limit: 10) }
            #expect(unresolved?.kind == .proxyNameNotResolved)
        }
    }

    @Test("says that a server does not speak TLS")
    func noEncryption() throws {
        try TransferFixture.with { fixture in
            let address = try TransferAddress("https://127.0.0.1:\(fixture.server.port)/catalog.json")
            let downloader = try fixture.downloader { $0.limits.attempts = 1 }
            let error = #expect(throws: TransferError.self) { try downloader.fetchDocument(address, limit: 10) }
            #expect(error?.kind == .encryptionFailed)
        }
    }

    @Test("refuses what is no address", arguments: ["", "ftp://host/a", "http://", "http://a b/", "file://host"])
    func addresses(text: String) {
        let error = #expect(throws: TransferError.self) { try TransferAddress(text) }
        #expect(error?.kind == .badAddress)
    }
}
