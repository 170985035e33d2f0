import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TUF
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

@Suite("reaching the repository")
struct RepositoryReachTests {
    /// A look at a repository, and how it ended: nil where the repository was reached.
    private func look(
        _ name: String, _ change: (inout UpgraderConfiguration) -> Void = { _ in }
    ) throws -> RepositoryAccess? {
        var configuration = UpgraderConfiguration()
        configuration.proxy = ""
        change(&configuration)
        return try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            try DurableFiles.makeFolders(layout.upgraderConfiguration)
            try DurableFiles.replace(layout.trustedRoot, try Self.root())
            do {
                let source = try RepositorySource(
                    name, isNamed: false, keepsMetadata: true, layout: layout, configuration: configuration,
                    clock: TestClock())
                _ = try source.open()
                return .reached(name)
            } catch {
                return RepositoryAccess(from: error)
            }
        }
    }

    /// Root metadata of some key, which has signed it.
    private static func root() throws -> [UInt8] {
        let key = try PrivateKey(generating: .ed25519)
        let roles = RoleName.topLevel.map { ($0, RoleKeys(keyIds: [key.publicKey.id])) }
        var root = SignedMetadata(
            RootMetadata(
                version: 1, expires: TestClock().now() + 86_400, keys: [key.publicKey.id: key.publicKey],
                roles: Dictionary(uniqueKeysWithValues: roles)))
        try root.sign(with: key)
        return root.bytes
    }

    /// What a client asks for first.
    private static let metadata = ["/metadata/2.root.json", "/metadata/timestamp.json"]

    private func obstacle(_ access: RepositoryAccess?) -> RepositoryAccess.Obstacle? {
        guard case .failed(let obstacle, let detail)? = access else { return nil }
        #expect(!detail.isEmpty)
        return obstacle
    }

    /// Looks, and expects to meet this.
    private func expect(_ wanted: RepositoryAccess.Obstacle?, _ name: String) throws {
        let access = try look(name)
        #expect(obstacle(access) == wanted, "\(String(describing: access))")
    }

    private func withServer(_ body: (LoopbackServer) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let metadata = folder.appending(path: "metadata")
            try FileManager.default.createDirectory(at: metadata, withIntermediateDirectories: true)
            try Data("<html>".utf8).write(to: metadata.appending(path: "timestamp.json"))
            try withLoopbackServer(folder, body)
        }
    }

    @Test(
        "What a proxy answers is told apart, for a plain and for an encrypted repository",
        arguments: [
            (407, RepositoryAccess.Obstacle.proxyCredentials), (403, .blocked), (502, .unreachable),
        ], ["http", "https"])
    func proxy(_ answer: (status: Int, obstacle: RepositoryAccess.Obstacle), _ scheme: String) throws {
        try withServer { server in
            for path in scheme == "http" ? Self.metadata : ["repository.invalid:443"] {
                server.always(path, .status(answer.status))
            }
            let access = try look("\(scheme)://repository.invalid") { $0.proxy = server.address }
            #expect(obstacle(access) == answer.obstacle, "\(String(describing: access))")
            #expect(server.requests.first?.target.contains("repository.invalid") == true)
        }
    }

    @Test(
        "What the server answers is told apart",
        arguments: [(403, RepositoryAccess.Obstacle.blocked), (404, .unreachable), (500, .unreachable)])
    func server(_ status: Int, _ wanted: RepositoryAccess.Obstacle) throws {
        try withServer { server in
            for path in Self.metadata { server.always(path, .status(status)) }
            try expect(wanted, server.address)
        }
    }

    @Test("A name that does not resolve is told, of the server and of the proxy")
    func names() throws {
        try expect(.nameResolution, "https://repository.invalid")
        let access = try look("https://repository.example") { $0.proxy = "http://proxy.invalid:3128" }
        #expect(obstacle(access) == .nameResolution)
    }

    @Test("A server that is not there is unreachable, and one without TLS has none")
    func elsewhere() throws {
        try withServer { server in
            try expect(.tls, "https://127.0.0.1:\(server.port)")
            server.stop()
            try expect(.unreachable, server.address)
        }
    }

    @Test("A folder that is not there is unreachable")
    func folder() throws {
        try withTemporaryFolder { try expect(.unreachable, $0.path + "/none") }
    }

    @Test("A repository that was reached and is damaged is no matter of reaching it")
    func damaged() throws {
        try withServer { server in
            let access = try look(server.address)
            #expect(access == nil)
        }
        let access = try look("ftp://repository.example")
        #expect(access == nil)
        #expect(RepositoryAccess(from: StepFailure("PostTestFailed", "a test failed")) == nil)
        #expect(RepositoryAccess(from: CommandError(66, "there is no such folder")) == nil)
    }

    @Test(
        "A repository that was read is encrypted over https alone",
        arguments: [("https://repository.example", true), ("http://repository.example", false), ("/srv/r", false)])
    func reached(_ name: String, _ isEncrypted: Bool) {
        #expect(RepositoryAccess.reached(name) == .reachable(isEncrypted: isEncrypted))
    }

    @Test(
        "Only a version below 1.2 speaks against the version",
        arguments: [(RepositoryAccess.Obstacle.oldTLS, "below 1.2"), (.tls, nil), (.blocked, nil)]
            as [(RepositoryAccess.Obstacle, String?)])
    func version(_ obstacle: RepositoryAccess.Obstacle, _ text: String?) {
        var facts = ServerFacts(source: .server(root: "/"))
        facts.host.repositoryAccess = .failed(obstacle, detail: "why")
        let version = facts.fact(.property(.tlsVersion), requiredDiskBytes: nil)
        #expect(
            version == text.map { .known(.text($0), evidence: "why") } ?? .absent("the repository was not reached: why")
        )
        let access = facts.fact(.property(.repositoryAccess), requiredDiskBytes: nil)
        #expect(access == .known(.text(obstacle == .blocked ? "blocked" : "tls"), evidence: "why"))
    }

    @Test(
        "A proxy is in use where the configuration or the environment names one for this repository",
        arguments: [
            (nil, "http://proxy.example", [:], ProxyFacts.none), ("/srv/r", "http://proxy.example", [:], .none),
            ("https://r.example", "http://proxy.example", [:], .used(idleSeconds: 240)),
            ("https://r.example", nil, [:], .none),
            ("https://r.example", nil, ["https_proxy": "http://proxy.example"], .used(idleSeconds: 240)),
            ("https://r.example", "", ["https_proxy": "http://proxy.example"], .none),
        ] as [(String?, String?, [String: String], ProxyFacts)])
    func proxies(_ name: String?, _ proxy: String?, _ variables: [String: String], _ wanted: ProxyFacts) {
        var configuration = UpgraderConfiguration()
        configuration.proxy = proxy
        let facts = ProxyFacts.measured(
            repository: name, configuration: configuration, idleSeconds: 240, environment: { variables[$0] })
        #expect(facts == wanted)
    }
}
