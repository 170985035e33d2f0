import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing
import Transfer
import VersionCatalog

@Suite("encrypted transfers", .enabled(if: TestAuthority.isPossible, "there is no openssl"))
struct EncryptedTransferTests {
    /// What a test needs: an authority, a certificate for this machine, and a small file to fetch.
    private struct Place {
        let folder: URL
        let authority: TestAuthority
        let local: TestAuthority.Certificate

        init(_ folder: URL) throws {
            self.folder = folder
            authority = try TestAuthority(below: folder)
            local = try authority.issue("localhost")
            try Data("right".utf8).write(to: folder.appending(path: "document"))
        }

        func downloader(_ change: (inout TransferSettings) -> Void = { _ in }) throws -> Downloader {
            var settings = TransferSettings()
            settings.proxy = .direct
            settings.limits.attempts = 1
            settings.certificateAuthorities = authority.certificate.path
            change(&settings)
            return try Downloader(settings: settings, clock: SystemClock())
        }

        func address(_ port: Int, _ name: String = "document", host: String = "localhost") throws -> TransferAddress {
            try TransferAddress("https://\(host):\(port)\(folder.path)").appending(name)
        }

        /// What comes of fetching the document: its text, or what is wrong.
        func outcome(_ downloader: Downloader, _ address: TransferAddress) -> Result<String, TransferError> {
            Result { () throws(TransferError) in
                String(decoding: try downloader.fetchDocument(address, limit: 100), as: UTF8.self)
            }
        }
    }

    private func with(_ body: (Place) throws -> Void) throws { try withTemporaryFolder { try body(Place($0)) } }

    private func kind(_ outcome: Result<String, TransferError>) -> TransferError.Kind? {
        if case .failure(let error) = outcome { error.kind } else { nil }
    }

    @Test("speaks TLS 1.2 and 1.3, and nothing older", arguments: ["-tls1_1", "-tls1_2", "-tls1_3"])
    func versions(version: String) throws {
        try with { place in
            let arguments = [version, "-cipher", "ALL:@SECLEVEL=0", "-WWW"]
            try place.authority.withServer(place.local, arguments) { port in
                let outcome = place.outcome(try place.downloader(), try place.address(port))
                if version == "-tls1_1" {
                    #expect(kind(outcome) == .encryptionTooOld || kind(outcome) == .encryptionFailed)
                } else {
                    #expect(try outcome.get() == "right")
                }
            }
        }
    }

    @Test(
        "refuses a certificate that is expired, another machine's, or nobody's",
        arguments: ["expired", "other name", "other authority", "right"])
    func certificates(what: String) throws {
        try with { place in
            let shown =
                switch what {
                case "expired": try place.authority.issue("localhost", expired: true)
                case "other name": try place.authority.issue("repository.example")
                case "other authority": try TestAuthority(below: place.folder, name: "stranger").issue("localhost")
                default: place.local
                }
            try place.authority.withServer(shown, ["-WWW"]) { port in
                let outcome = place.outcome(try place.downloader(), try place.address(port))
                if what == "right" {
                    #expect(try outcome.get() == "right")
                } else {
                    #expect(kind(outcome) == .certificateRefused)
                    guard case .failure(let error) = outcome else { return }
                    #expect(error.description.contains("clock") && !error.isTemporary)
                }
            }
        }
    }

    @Test("speaks TLS to a proxy whose certificate is right, and to no other", arguments: [true, false])
    func proxy(isRight: Bool) throws {
        try with { place in
            let issuer = isRight ? place.authority : try TestAuthority(below: place.folder, name: "stranger")
            // Its own page is the answer to whatever it is asked for.
            try place.authority.withServer(try issuer.issue("localhost"), ["-www"]) { port in
                let downloader = try place.downloader { $0.proxy = .address("https://localhost:\(port)", noProxy: "") }
                let result = Result { () throws(TransferError) in
                    try downloader.fetchDocument(TransferAddress("http://repository.invalid/a"), limit: 100_000)
                }
                if isRight {
                    #expect(String(decoding: try result.get(), as: UTF8.self).hasPrefix("<HTML>"))
                } else {
                    #expect(throws: TransferError.self) { try result.get() }
                    guard case .failure(let error) = result else { return }
                    #expect(error.kind == .certificateRefused)
                }
            }
        }
    }

    @Test("never follows a redirect from an encrypted to an unprotected address", arguments: ["http", "file"])
    func redirect(scheme: String) throws {
        try with { place in
            try withLoopbackServer(place.folder) { plain in
                let target = scheme == "http" ? "\(plain.address)/document" : "file://\(place.folder.path)/document"
                let answer = "HTTP/1.0 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
                try Data(answer.utf8).write(to: place.folder.appending(path: "answer"))
                try place.authority.withServer(place.local, ["-HTTP"]) { port in
                    let outcome = place.outcome(try place.downloader(), try place.address(port, "answer"))
                    #expect(kind(outcome) == .refusedRedirect)
                    #expect(plain.requests.isEmpty)
                }
            }
        }
    }

    @Test(
        "shows its certificate to a server that wants one",
        arguments: ["right", "encrypted", "one file", "none", "stranger", "wrong password", "no password"],
        ["-tls1_2", "-tls1_3"])
    func clientCertificates(what: String, version: String) throws {
        try with { place in
            let isEncrypted = ["encrypted", "wrong password", "no password"].contains(what)
            let issuer = what == "stranger" ? try TestAuthority(below: place.folder, name: what) : place.authority
            let own = try issuer.issue("server-7", password: isEncrypted ? "secret word" : nil)
            let password = place.folder.appending(path: "password")
            try Data((what == "encrypted" ? "secret word\n" : "other\n").utf8).write(to: password)
            if what == "one file" {
                let both = try Data(contentsOf: own.certificate) + Data(contentsOf: own.key)
                try both.write(to: own.certificate)
            }
            for file in [password, own.certificate, own.key] {
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            }
            let downloader = try place.downloader {
                if what == "none" { return }
                $0.clientCertificate = own.certificate.path
                if what != "one file" { $0.clientKey = own.key.path }
                if isEncrypted, what != "no password" { $0.clientKeyPasswordFile = password.path }
            }
            let demand = ["-Verify", "1", "-verify_return_error", "-CAfile", place.authority.certificate.path]
            try place.authority.withServer(place.local, demand + [version, "-WWW"]) { port in
                let outcome = place.outcome(downloader, try place.address(port))
                switch what {
                // TLS 1.2 has no word for it: the server ends the handshake.
                case "none" where version == "-tls1_2": #expect(kind(outcome) == .encryptionFailed)
                case "none", "stranger": #expect(kind(outcome) == .clientCertificateRefused, "\(outcome)")
                case "wrong password", "no password": #expect(kind(outcome) == .badSetting, "\(outcome)")
                default: #expect(try outcome.get() == "right")
                }
                if case .failure(let error) = outcome { #expect(!error.description.contains("secret word")) }
            }
        }
    }

    @Test(
        "goes on over HTTP/2 at the border of the last verified chunk",
        .enabled(if: NginxServer.isPossible, "there is no nginx"))
    func http2() throws {
        try TransferFixture.with { fixture in
            let authority = try TestAuthority(below: fixture.place)
            let certificate = try authority.issue("localhost")
            try NginxServer.with(fixture.repository, below: fixture.place, certificate) { server in
                let downloader = try fixture.downloader {
                    $0.certificateAuthorities = authority.certificate.path
                }
                let address = try TransferAddress("https://localhost:\(server.port)")
                var taken = 0
                let error = #expect(throws: TransferError.self) {
                    _ = try downloader.fetchArchive(
                        [address.appending(fixture.release.archive.path)], chunks: fixture.chunks,
                        into: fixture.downloads,
                        receive: { bytes in
                            taken += bytes.count
                            return taken < 8 * TransferFixture.chunkSize
                        })
                }
                #expect(error?.kind == .notTaken)
                let fetched = try fixture.fetch(with: downloader, from: address.description)
                try fixture.expectWhole(fetched)
                let kept = 8 * TransferFixture.chunkSize
                #expect(fetched.resumedBytes == kept)
                #expect(eventually { server.requests.count == 2 })
                let missing = fixture.chunks.archiveSize - kept
                #expect(server.requests.last == "HTTP/2.0 206 \(missing) bytes=\(kept)-", "\(server.requests)")
                #expect(server.requests.first?.hasPrefix("HTTP/2.0 200 ") == true)
            }
        }
    }
}
