import Foundation
import Glibc
import TestSupport
import Testing

@Suite("TLS below 1.2")
struct TLSVersionTests {
    private static let openssl = URL(filePath: "/usr/bin/openssl")
    private static let isThere = FileManager.default.isExecutableFile(atPath: openssl.path)

    /// What a system's administrator may have allowed, and this program must not.
    private static let lax = """
        openssl_conf = all
        [all]
        ssl_conf = ssl
        [ssl]
        system_default = lax
        [lax]
        MinProtocol = TLSv1
        CipherString = DEFAULT:@SECLEVEL=0
        """

    @Test(
        "is refused even where the system allows it, and 1.2 is not", .enabled(if: isThere, "there is no openssl"),
        arguments: ["-tls1_1", "-tls1_2"])
    func refused(_ version: String) throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            let folder = server.folder
            try Data(Self.lax.utf8).write(to: folder.appending(path: "lax.cnf"))
            let environment = ["OPENSSL_CONF": folder.appending(path: "lax.cnf").path]
            let (key, certificate) = (folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path)
            _ = try run(
                Self.openssl,
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                ])
            let log = folder.appending(path: "s_server.log")
            let pid = try start(
                Self.openssl,
                [
                    "s_server", "-accept", "127.0.0.1:0", version, "-cipher", "ALL:@SECLEVEL=0", "-cert", certificate,
                    "-key", key, "-www",
                ], environment: environment, output: log, errors: log)
            defer {
                kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
            }
            var port = ""
            _ = eventually {
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }
                port = line?.split(separator: ":").last.map(String.init) ?? ""
                return !port.isEmpty
            }
            // The server does speak this version, with whoever accepts it.
            let client = try run(
                Self.openssl, ["s_client", "-connect", "127.0.0.1:\(port)", version, "-cipher", "ALL:@SECLEVEL=0"],
                environment: environment)
            try #require(client.status == 0, "\(client.errors)")

            try server.offer([.good], configuration: ["certificateAuthorities": certificate, "proxy": ""])
            let result = try server.upgrade(
                ["run", "--catalog", "https://localhost:\(port)/adsync"], environment: environment)
            let text = result.output + result.errors
            #expect(text.contains("switch on TLS 1.2") == (version == "-tls1_1"), "\(text)")
            // The page that openssl shows is no repository.
            #expect(text.contains("line 1, column 1") == (version == "-tls1_2"), "\(text)")
        }
    }
}
