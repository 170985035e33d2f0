import Foundation
import Glibc

/// A certificate authority of a test's own, made with the `openssl` program.
public struct TestAuthority {
    /// A certificate and its private key, in PEM.
    public struct Certificate {
        public let certificate: URL
        public let key: URL
    }

    private static let openssl = URL(filePath: "/usr/bin/openssl")
    public static let isPossible = FileManager.default.isExecutableFile(atPath: openssl.path)
    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    private let folder: URL
    private let own: Certificate

    /// What clients and servers have to believe in.
    public var certificate: URL { own.certificate }

    /// Makes an authority in a new folder.
    public init(below place: URL, name: String = "authority") throws {
        folder = place.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        own = Certificate(certificate: folder.appending(path: "ca.pem"), key: folder.appending(path: "ca.key"))
        try Data().write(to: folder.appending(path: "index.txt"))
        let settings = """
            [ca]
            default_ca = own
            [own]
            database = \(folder.path)/index.txt
            new_certs_dir = \(folder.path)
            rand_serial = yes
            default_md = sha256
            policy = any
            copy_extensions = copy
            unique_subject = no
            [any]
            commonName = supplied
            """
        try Data(settings.utf8).write(to: folder.appending(path: "ca.conf"))
        try Self.call(
            ["req", "-x509"] + Self.newKey + [
                "-nodes", "-keyout", own.key.path, "-out", own.certificate.path, "-days", "2", "-subj", "/CN=\(name)",
            ])
    }

    /// Issues a certificate for a machine's name, valid now or in a day of 2020; its key is encrypted where a password is
    /// given.
    public func issue(_ host: String, expired: Bool = false, password: String? = nil) throws -> Certificate {
        let base = folder.appending(path: UUID().uuidString).path
        let issued = Certificate(
            certificate: URL(filePath: "\(base).pem"), key: URL(filePath: "\(base).key"))
        try Self.call(
            ["req", "-new"] + Self.newKey + (password.map { ["-passout", "pass:\($0)"] } ?? ["-nodes"]) + [
                "-keyout", issued.key.path, "-out", "\(base).csr", "-subj", "/CN=\(host)", "-addext",
                "subjectAltName=DNS:\(host)",
            ])
        let days = expired ? ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"] : ["-days", "2"]
        try Self.call(
            [
                "ca", "-batch", "-notext", "-config", folder.appending(path: "ca.conf").path, "-cert",
                own.certificate.path, "-keyfile", own.key.path, "-in", "\(base).csr", "-out", issued.certificate.path,
            ] + days)
        return issued
    }

    private static func call(_ arguments: [String]) throws {
        let result = try run(openssl, arguments)
        if result.status != 0 { throw HarnessError("openssl \(arguments.joined(separator: " ")): \(result.errors)") }
    }

    /// Runs the body with `openssl s_server` on a free port; the arguments say what it demands and how it answers. With
    /// `-WWW` it serves files by their whole path, with `-HTTP` a file is the whole answer.
    public func withServer<Result>(
        _ certificate: Certificate, _ arguments: [String], _ body: (Int) throws -> Result
    ) throws -> Result {
        let log = folder.appending(path: "s_server-\(UUID().uuidString).log")
        let pid = try start(
            Self.openssl,
            [
                "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.certificate.path, "-key",
                certificate.key.path,
            ] + arguments, output: log, errors: log)
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        var port: Int?
        _ = eventually {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }
            port = line?.split(separator: ":").last.flatMap { Int($0) }
            return port != nil
        }
        guard let port else {
            throw HarnessError("openssl s_server: \((try? String(contentsOf: log, encoding: .utf8)) ?? "no output")")
        }
        return try body(port)
    }
}

/// nginx on a free port of the loopback interface, for what only a grown server does, such as HTTP/2.
public struct NginxServer {
    /// The machine's, or the one that `scripts/oracles.sh` has unpacked.
    private static let program =
        [URL(filePath: "/usr/sbin/nginx"), packageFolder.appending(path: ".build/oracles/root/usr/sbin/nginx")]
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    public static let isPossible = program != nil

    public let port: Int
    private let folder: URL

    /// One line for each request: protocol, status, bytes of the body, and the range that was asked for.
    public var requests: [String] {
        let text = (try? String(contentsOf: folder.appending(path: "access.log"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Runs the body with a server for a folder.
    public static func with<Result>(
        _ root: URL, below place: URL, _ certificate: TestAuthority.Certificate, options: String = "",
        _ body: (NginxServer) throws -> Result
    ) throws -> Result {
        guard let program else { throw HarnessError("there is no nginx on this machine") }
        let folder = place.appending(path: "nginx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try LoopbackServer.freePort()
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder.path)/\($0);"
        }
        let settings = """
            daemon off;
            master_process off;
            pid \(folder.path)/pid;
            error_log \(folder.path)/error.log;
            events {}
            http {
                \(temporary.joined(separator: "\n    "))
                log_format told '$server_protocol $status $body_bytes_sent $http_range';
                access_log \(folder.path)/access.log told;
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    ssl_certificate \(certificate.certificate.path);
                    ssl_certificate_key \(certificate.key.path);
                    root \(root.path);
                    \(options)
                }
            }
            """
        let file = folder.appending(path: "nginx.conf")
        try Data(settings.utf8).write(to: file)
        let errors = folder.appending(path: "error.log")
        let pid = try start(
            program, ["-p", folder.path, "-e", errors.path, "-c", file.path], output: errors, errors: errors)
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        // Written once it listens.
        guard eventually({ FileManager.default.fileExists(atPath: folder.appending(path: "pid").path) }) else {
            throw HarnessError("nginx: \((try? String(contentsOf: errors, encoding: .utf8)) ?? "no output")")
        }
        return try body(NginxServer(port: port, folder: folder))
    }
}
