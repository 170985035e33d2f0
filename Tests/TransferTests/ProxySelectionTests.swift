import TestSupport
import Testing
import Transfer

@Suite("choosing a proxy")
struct ProxySelectionTests {
    @Test(
        "asks the proxy that is configured, but for the hosts that need none",
        arguments: [
            ("http://repository.example/a", "", true), ("https://repository.example", "other.example", true),
            ("https://repository.example", "example", false), ("https://repository.example", ".example", false),
            ("https://repository.example", "sitory.example", true), ("https://Repository.Example.", "EXAMPLE", false),
            ("https://repository.example", "a.example, repository.example", false),
            ("https://repository.example", "*", false),
            ("https://repository.example:8443/a", "repository.example", false),
            ("https://user:secret@repository.example/a", "repository.example", false),
            ("http://10.1.2.3/a", "10.0.0.0/8", false), ("http://10.1.2.3/a", "10.1.2.3", false),
            ("http://10.1.2.3/a", "10.1.2.0/25,192.168.0.0/16", false), ("http://10.1.2.131/a", "10.1.2.0/25", true),
            ("http://10.1.2.3/a", "2.3", true), ("http://10.1.2.3/a", "10.0.0.0/99", true),
            ("http://[2001:db8::1]:8080/a", "2001:db8::/32", false), ("http://[2001:db8::1]/a", "10.0.0.0/8", true),
            ("/srv/repository", "", false), ("file:///srv/repository", "", false),
        ])
    func configured(_ address: String, _ noProxy: String, _ isUsed: Bool) throws {
        let setting = ProxySetting.address("http://proxy.example:3128", noProxy: noProxy)
        #expect(setting.isUsed(for: try TransferAddress(address), environment: { _ in nil }) == isUsed)
    }

    @Test("asks none where the configuration says so, whatever the environment says")
    func direct() throws {
        let address = try TransferAddress("https://repository.example")
        #expect(!ProxySetting.direct.isUsed(for: address, environment: { _ in "http://proxy.example" }))
    }

    @Test(
        "reads the environment as libcurl does, where it is left to it",
        arguments: [
            ("https", [:], false), ("https", ["https_proxy": "http://p"], true),
            ("https", ["HTTPS_PROXY": "http://p"], true), ("https", ["http_proxy": "http://p"], false),
            ("http", ["http_proxy": "http://p"], true), ("http", ["HTTP_PROXY": "http://p"], false),
            ("http", ["ALL_PROXY": "http://p"], true), ("https", ["https_proxy": "", "all_proxy": "http://p"], true),
            ("https", ["https_proxy": "http://p", "no_proxy": "repository.example"], false),
            ("https", ["https_proxy": "http://p", "NO_PROXY": "example"], false),
            ("https", ["https_proxy": "http://p", "no_proxy": "", "NO_PROXY": "example"], true),
            ("https", ["https_proxy": ""], false), ("file", ["all_proxy": "http://p"], false),
        ] as [(String, [String: String], Bool)])
    func environment(_ scheme: String, _ variables: [String: String], _ isUsed: Bool) throws {
        let address = try TransferAddress("\(scheme)://\(scheme == "file" ? "" : "repository.example")/a")
        #expect(ProxySetting.environment.isUsed(for: address, environment: { variables[$0] }) == isUsed)
    }

    @Test("is where libcurl goes", arguments: ["127.0.0.1", "127.0.0.0/8", "127.0.0.2", "0.0.1", "*"])
    func agreesWithLibcurl(_ noProxy: String) throws {
        try TransferFixture.with { proxied in
            try TransferFixture.with { direct in
                let setting = ProxySetting.address(proxied.server.address, noProxy: noProxy)
                let address = try TransferAddress(direct.server.address).appending("catalog.json")
                let downloader = try direct.downloader { $0.proxy = setting }
                #expect(try !downloader.fetchDocument(address, limit: 100_000).isEmpty)
                let went = setting.isUsed(for: address)
                #expect(proxied.server.requests.count == (went ? 1 : 0))
                #expect(direct.server.requests.count == (went ? 0 : 1))
            }
        }
    }
}
