import Documents
import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

/// `aadc-publish` as people and timers call it.
struct PublishingProgramTests {
    private struct Site {
        let folder: URL

        func path(_ name: String) -> String { folder.appending(path: name).path }
        var repository: String { path("repository") }

        @discardableResult
        func publish(_ arguments: String..., status: Int = 0) throws -> ProgramResult {
            let answer = try run(builtProgram("aadc-publish"), arguments)
            #expect(answer.status == status, "\(arguments): \(answer.errors)\(answer.output)")
            return answer
        }

        func key(_ name: String, password: String? = nil) throws {
            let secret = password.map { ["--password-file", $0] } ?? ["--unencrypted"]
            let made = try run(builtProgram("aadc-publish"), ["keygen", "--output", path(name)] + secret)
            #expect(made.status == 0, "\(made.errors)")
        }

        func build(_ version: String, into output: String) throws {
            let release = try SmallRelease(below: folder, version: version)
            try publish("build-release", release.folder.path, "--recipe", release.recipe.path, "--output", output)
        }

        func id(_ key: String) throws -> String { try PublicKeyDocument(file: path("\(key).pub")).key.id }
    }

    private func withSite(_ body: (Site) throws -> Void) throws {
        try withTemporaryFolder { try body(Site(folder: $0)) }
    }

    @Test(
        "The ceremony: public halves make a root that waits, two holders sign it, the publisher publishes, a key goes")
    func ceremony() throws {
        try withSite { site in
            try site.build("1.1.750.0", into: site.repository)
            try DurableFiles.replace(site.path("password"), Array("horse\n".utf8))
            try site.key("anna", password: site.path("password"))
            for name in ["ben", "cleo", "targets", "online", "next"] { try site.key(name) }
            let begun = try site.publish(
                "trust", "init", site.repository, "--root", site.path("anna.pub"), "--root", site.path("ben.pub"),
                "--root", site.path("cleo.pub"), "--root-threshold", "2", "--targets", site.path("targets.pub"),
                "--snapshot", site.path("online.pub"), "--timestamp", site.path("online.pub"))
            #expect(begun.output.contains("2 more signature(s)"))
            let repository = ["repository", site.repository, "--product", "adsync"]
            let early = try run(
                builtProgram("aadc-publish"),
                repository + ["--key", site.path("targets"), "--key", site.path("online")])
            #expect(early.status == 65 && early.errors.contains("waits for signatures"), "\(early.errors)")

            let sealed = try site.publish("trust", "sign", site.repository, "--key", site.path("anna"), status: 65)
            #expect(sealed.errors.contains("--password-file"))
            let first = try site.publish(
                "trust", "sign", site.repository, "--key", site.path("anna"), "--password-file", site.path("password"))
            #expect(first.output.contains("1 more signature(s)"))
            #expect(try site.publish("trust", "show", site.repository).output.contains(site.id("ben")))
            try site.publish("trust", "sign", site.repository, "--key", site.path("targets"), status: 65)
            let second = try site.publish("trust", "sign", site.repository, "--key", site.path("ben"))
            let online = try site.id("online")
            #expect(second.output.contains("\nroot 1, until") && second.output.contains(online))

            let missing = try run(builtProgram("aadc-publish"), repository + ["--key", site.path("targets")])
            #expect(missing.status == 65 && missing.errors.contains("the role snapshot needs 1 more"))
            #expect(!DurableFiles.exists("\(site.repository)/catalog.json"))
            try site.publish(
                "repository", site.repository, "--product", "adsync", "--key", site.path("targets"), "--key",
                site.path("online"))

            // The timer's key goes, with both holders and the new key at one table.
            let rotated = try site.publish(
                "trust", "rotate", site.repository, "--add", "timestamp=\(site.path("next.pub"))", "--remove",
                "timestamp=\(site.id("online").prefix(10))", "--key", site.path("ben"), "--key", site.path("cleo"),
                "--key", site.path("next"))
            #expect(rotated.output.contains("root 2, until") && rotated.output.contains("timestamp 2, until"))
            let renewed = try site.publish("renew", site.repository, "--key", site.path("next"))
            #expect(renewed.output.contains("timestamp 3, until"))
            try site.publish("renew", site.repository, "--key", site.path("online"), status: 65)
            let shown = try site.publish("trust", "show", site.repository).output
            #expect(shown.contains("root version 2") && shown.contains("timestamp 3: believed until"))

            // The same as a document, with a root that waits.
            try site.publish("trust", "rotate", site.repository, "--key", site.path("cleo"))
            let document = try JSONParser.parse(
                Array(try site.publish("trust", "show", site.repository, "--format", "json").output.utf8))
            #expect(document["schema"] == "published-trust/1")
            #expect(document["root"]?["version"] == 2)
            #expect(document["root"]?["roles"]?["root"]?["threshold"] == 2)
            #expect(document["validity"]?.array?.compactMap { $0["version"]?.integer } == [2, 1, 1, 3])
            #expect(document["validity"]?.array?.allSatisfy { $0["expired"] == false } == true)
            #expect(document["pending"]?["root"]?["version"] == 3)
            #expect(document["pending"]?["missing"]?.array?.compactMap { $0["count"]?.integer } == [1, 1])
        }
    }

    @Test(
        "A wrong command line is told what was expected",
        arguments: [
            ["repository", "/nowhere", "--product", "p"],
            ["repository", "/nowhere", "--product", "p", "--key", "k", "--unsigned"],
            ["repository", "/nowhere", "--product", "p", "--key", "k", "--timestamp-days", "0"],
            ["renew", "/nowhere"], ["trust", "rotate", "/nowhere", "--threshold", "root=many"],
            ["trust", "rotate", "/nowhere", "--add", "mirrors=file"], ["keygen", "--output", "x", "--type", "dsa"],
        ])
    func usage(_ arguments: [String]) throws {
        #expect(try run(builtProgram("aadc-publish"), arguments).status == 64)
    }

    @Test("A mirror takes verified files from upstream, approves by its own list, and is believed by its own root")
    func mirror() throws {
        try withSite { site in
            let (upstream, mirror) = (site.path("upstream"), site.path("mirror"))
            for version in ["1.1.750.0", "1.1.880.0"] { try site.build(version, into: upstream) }
            try site.key("theirs")
            try site.key("ours")
            try site.publish("repository", upstream, "--product", "adsync", "--key", site.path("theirs"))
            try withLoopbackServer(URL(filePath: upstream)) { server in
                let pinned = try run(
                    builtProgram("aadc-tuf"),
                    ["--metadata-dir", site.path("trusted"), "init", "\(upstream)/metadata/1.root.json"])
                #expect(pinned.status == 0, "\(pinned.errors)")
                for name in ["release.json", "chunks", "tar.zst"].map({ "adsync-1.1.880.0.\($0)" }) {
                    let download = [
                        "--metadata-url", "\(server.address)/metadata", "--target-base-url",
                        "\(server.address)/targets",
                        "--target-dir", mirror, "--target-name", name,
                    ]
                    let answer = try run(
                        builtProgram("aadc-tuf"), ["--metadata-dir", site.path("trusted")] + download + ["download"])
                    #expect(answer.status == 0, "\(answer.errors)")
                }
            }
            try site.publish("approve", mirror, "1.1.880.0", "--channel", "auto-upgrade")
            try site.publish("repository", mirror, "--product", "adsync", "--key", site.path("ours"))
            try withLoopbackServer(URL(filePath: mirror)) { server in
                func download(_ name: String, root: String) throws -> ProgramResult {
                    let kept = site.path("kept-\(UUID().uuidString)")
                    let pinned = try run(builtProgram("aadc-tuf"), ["--metadata-dir", kept, "init", root])
                    #expect(pinned.status == 0, "\(pinned.errors)")
                    return try run(
                        builtProgram("aadc-tuf"),
                        [
                            "--metadata-dir", kept, "--metadata-url", "\(server.address)/metadata",
                            "--target-base-url", "\(server.address)/targets", "--target-dir", site.path("got"),
                            "--target-name", name, "download",
                        ])
                }
                let ours = "\(mirror)/metadata/1.root.json"
                // Upstream's root does not speak for the mirror, nor has the mirror what was not approved.
                let statuses = try [
                    download("catalog.json", root: ours), download("adsync-1.1.880.0.tar.zst", root: ours),
                    download("adsync-1.1.750.0.tar.zst", root: ours),
                    download("catalog.json", root: "\(upstream)/metadata/1.root.json"),
                ].map(\.status)
                #expect(statuses == [0, 0, 1, 1])
            }
            let catalog = String(
                decoding: try #require(try DurableFiles.read(site.path("got/catalog.json"))), as: UTF8.self)
            #expect(catalog.contains("auto-upgrade") && !catalog.contains("1.1.750.0"))
        }
    }

    @Test("Publishing unsigned beside signed metadata says what that means")
    func unsigned() throws {
        try withSite { site in
            try site.build("1.1.750.0", into: site.repository)
            try site.key("key")
            try site.publish("repository", site.repository, "--product", "adsync", "--key", site.path("key"))
            let answer = try site.publish("repository", site.repository, "--product", "adsync", "--unsigned")
            #expect(answer.errors.contains("still names the one before it"))
        }
    }
}
