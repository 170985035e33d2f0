import Foundation
import InvariantChecker
import TestSupport
import Testing

/// Attacks on a repository as a server meets them: whatever is served, what runs is not touched, and the honest
/// repository is taken again.
@Suite("Trust in a repository")
struct TrustTests {
    private func publisher(_ words: [String]) throws {
        let result = try run(builtProgram("aadc-publish"), words)
        if result.status != 0 { throw HarnessError("\(words): \(result.errors)") }
    }

    private func publish(
        _ server: ContractServer, key: URL? = nil, _ more: [String] = []
    ) throws {
        try publisher(
            [
                "repository", server.repository.path, "--product", "adsync", "--channel", "auto-upgrade", "--key",
                try (key ?? PublishedReleases.shared().key).path,
            ] + more)
    }

    private func trust(_ server: ContractServer, _ more: [String] = []) throws -> ProgramResult {
        try server.upgrade(["catalog", "trust"] + more)
    }

    @Test("is lost to an older state of it: refused, named, and the newer one is taken again")
    func rollback() throws {
        try withContractServer { server in
            try server.offer([.base])
            let metadata = server.repository.appending(path: "metadata")
            let (older, newer) = (server.folder.appending(path: "older"), server.folder.appending(path: "newer"))
            try FileManager.default.copyItem(at: metadata, to: older)
            try server.offer([.good])
            // What is seen counts, whether or not anything is upgraded.
            try server.judged(["stage"], status: 0)
            try FileManager.default.moveItem(at: metadata, to: newer)
            try FileManager.default.moveItem(at: older, to: metadata)
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedRepositoryNotTrusted"), "\(refused.errors)")
            #expect(refused.errors.contains("timestamp.json"))

            try FileManager.default.removeItem(at: metadata)
            try FileManager.default.moveItem(at: newer, to: metadata)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("that has expired upgrades nothing, and it is explained who can renew it")
    func expired() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.judged(["stage"], status: 0)
            try publish(server, ["--published", "2020-01-01T00:00:00Z", "--root-days", "36500"])
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedRepositoryExpired"), "\(refused.errors)")

            try FileManager.default.removeItem(at: server.root.appending(path: "var/lib/aadc-upgrade/metadata"))
            try server.judged(status: 75)
            let shown = try trust(server)
            #expect(shown.status == 0 && shown.output.contains("trusted-root.json"), "\(shown.output)")

            try publish(server)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("is explained when what was verified last has expired: which role, since when, and what to do")
    func explained() throws {
        try withContractServer { server in
            try server.offer([.good])
            let soon = Date.now.addingTimeInterval(3).formatted(.iso8601)
            try publish(server, ["--expires", soon])
            try server.judged(["stage"], status: 0)
            let wasRefused = try eventually { try server.upgrade(["check"]).status == 75 }
            #expect(wasRefused)
            let shown = try trust(server)
            #expect(shown.status == 0, "\(shown.errors)")
            #expect(shown.output.contains("EXPIRED at"), "\(shown.output)")
            #expect(shown.output.contains("aadc-publish renew"), "\(shown.output)")
            let roles = try trust(server, ["--format", "json"]).document["verified"] as? [[String: Any]]
            #expect(roles?.contains { $0["role"] as? String == "timestamp" && $0["expired"] as? Bool == true } == true)
            try publish(server)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("follows the publisher through several roots: keys are changed, and the old ones count no more")
    func rotation() throws {
        try withContractServer { server in
            try server.offer([.base])
            try server.judged(status: 0)
            var previous = try PublishedReleases.shared().key
            for number in 1...3 {
                let key = server.folder.appending(path: "key-\(number)")
                try publisher(["keygen", "--output", key.path, "--unencrypted"])
                var words = ["trust", "rotate", server.repository.path, "--key", previous.path, "--key", key.path]
                let id = try keyIdentifier(previous)
                for role in ["root", "targets", "snapshot", "timestamp"] {
                    words += ["--add", "\(role)=\(key.path)", "--remove", "\(role)=\(id)"]
                }
                try publisher(words)
                previous = key
            }
            try PublishedReleases.shared().copy([.good], into: server.repository)
            // The first key signs for nothing any more.
            #expect(throws: HarnessError.self) { try publish(server) }
            try publish(server, key: previous)
            try server.judged(status: 0, result: "Success")
            let shown = try trust(server)
            #expect(shown.output.contains(try keyIdentifier(previous).prefix(12)), "\(shown.output)")
        }
    }

    private func keyIdentifier(_ key: URL) throws -> String {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: key.path + ".pub")))
        return try #require((document as? [String: Any])?["keyId"] as? String)
    }

    @Test("begins with a root that is pinned, and only with one; nothing else is believed")
    func pinned() throws {
        try withContractServer { server in
            try server.offer([.good])
            let root = server.root.appending(path: "etc/aadc-upgrade/trusted-root.json")
            try FileManager.default.removeItem(at: root)
            let none = try trust(server)
            #expect(none.status == 66 && none.errors.contains("--pin FILE"), "\(none.errors)")

            let bad = server.folder.appending(path: "bad.json")
            let text = try String(
                contentsOf: server.repository.appending(path: "metadata/1.root.json"), encoding: .utf8)
            for (content, words) in [
                ("<html>", "line 1, column 1"),
                (text.replacing("\"threshold\": 1", with: "\"threshold\": 2"), "signatures"),
            ] {
                try Data(content.utf8).write(to: bad)
                let refused = try trust(server, ["--pin", bad.path])
                #expect(refused.status == 65 && refused.errors.contains(words), "\(refused.errors)")
                #expect(!FileManager.default.fileExists(atPath: root.path))
            }
            #expect(try trust(server, ["--pin", "/nonexistent"]).status == 66)

            let good = server.repository.appending(path: "metadata/1.root.json").path
            let pinned = try trust(server, ["--pin", good])
            #expect(pinned.status == 0 && pinned.output.contains("pinned by the administrator"), "\(pinned.output)")
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("comes with the package where the administrator has pinned nothing")
    func packaged() throws {
        try withContractServer { server in
            try server.offer([.good])
            let folder = server.root.appending(path: "usr/share/aadc-upgrade")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try FileManager.default.moveItem(
                at: server.root.appending(path: "etc/aadc-upgrade/trusted-root.json"),
                to: folder.appending(path: "trusted-root.json"))
            #expect(try trust(server).output.contains("from the package"))
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test(
        "does not make a release right for this server that is for another product or another platform",
        arguments: [
            ("product", "other", "UpgradeAbortedWrongProduct", "publishes 'other'"),
            ("platform", "linux-s390x", "nothing to do", "nothing"),
        ])
    func wrongSoftware(_ field: String, _ value: String, _ outcome: String, _ words: String) throws {
        try withContractServer { server in
            let releases = try PublishedReleases.shared()
            let recipe = releases.unpacked.appending(path: "\(PublishedReleases.Version.good).recipe.json")
            var fields = try JSONSerialization.jsonObject(with: Data(contentsOf: recipe)) as? [String: Any] ?? [:]
            #expect(fields[field] is String)
            fields[field] = value
            let changed = server.folder.appending(path: "recipe.json")
            try JSONSerialization.data(withJSONObject: fields).write(to: changed)
            let source = server.folder.appending(path: "source")
            try FileManager.default.copyItem(at: releases.folder(.good), to: source)
            try FileManager.default.removeItem(at: source.appending(path: "release.json"))
            try server.offer([.base])
            try FileManager.default.removeItem(at: server.repository)
            try publisher([
                "build-release", source.path, "--recipe", changed.path, "--output", server.repository.path,
                "--chunk-size", "4096",
            ])
            try publisher([
                "repository", server.repository.path, "--product", field == "product" ? value : "adsync", "--channel",
                "auto-upgrade", "--key", releases.key.path,
            ])
            try server.trust(server.repository)
            let run = try server.judged(status: field == "product" ? 75 : 0)
            #expect((run.output + run.errors).contains(outcome) && (run.output + run.errors).contains(words))
            if field == "platform" {
                let check = try server.upgrade(["check"])
                #expect(check.output.contains("for the platform linux-s390x"), "\(check.output)")
            }
            #expect(!server.exists("opt/adsync/releases/\(PublishedReleases.Version.good)"))
        }
    }

    @Test("makes plain http safe, and the report says what it does not protect")
    func plainHTTP() throws {
        try withContractServer { server in
            try server.offer([.good])
            try withLoopbackServer(server.repository) { web in
                try server.configure(["repository": web.address])
                let check = try server.upgrade(["check"])
                #expect(check.status == 0 && check.output.contains("over plain http"), "\(check.output)")
                let run = try server.judged(status: 0, result: "Success")
                #expect(run.errors.contains("over plain http"), "\(run.errors)")
            }
        }
    }

    @Test("does not depend on one mirror: one that lies or dies is left for the next, and named")
    func mirrors() throws {
        try withContractServer { server in
            try server.offer([.good])
            try withLoopbackServer(server.repository) { bad in
                try withLoopbackServer(server.repository) { good in
                    try server.configure(["repository": bad.address, "mirrors": [good.address]])
                    let path = "/\(try server.targetPath(server.archiveName))"
                    bad.always(path, .corrupt(byte: 5000))
                    let run = try server.judged(status: 0, result: "Success")
                    #expect(run.errors.contains("mirror") && run.errors.contains("damaged"), "\(run.errors)")
                    // What the first one sent before is not fetched again.
                    #expect(good.requests.filter { $0.path == path }.map(\.range) == ["bytes=4096-"])
                }
            }
        }
    }

    @Test("judges by the latest confirmed time, and says so where the clock is behind it")
    func clockBehind() throws {
        try withContractServer { server in
            try server.offer([.good])
            #expect(try server.upgrade(["stage"]).status == 0)
            let metadata = server.root.appending(path: "var/lib/aadc-upgrade/metadata")
            let pinned = try #require(try FileManager.default.contentsOfDirectory(atPath: metadata.path).first)
            let file = metadata.appending(path: "\(pinned)/confirmed-time.json")
            let year = Calendar(identifier: .gregorian).component(.year, from: .now) + 2
            try Data("{\"schema\": \"confirmed-time/1\", \"time\": \"\(year)-01-01T00:00:00Z\"}".utf8).write(to: file)
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedRepositoryExpired"), "\(refused.errors)")
            let shown = try trust(server)
            #expect(shown.output.contains("remove \(file.path)"), "\(shown.output)")
            try FileManager.default.removeItem(at: file)
            try server.judged(status: 0, result: "Success")
        }
    }

    /// What is wrong with the metadata that lies here from an earlier run.
    enum Kept: String, CaseIterable { case torn, emptied, otherKey, folderGone }

    @Test("survives whatever became of what was verified before", arguments: Kept.allCases)
    func damagedStore(_ damage: Kept) throws {
        try withContractServer { server in
            try server.offer([.good])
            #expect(try server.upgrade(["stage"]).status == 0)
            let metadata = server.root.appending(path: "var/lib/aadc-upgrade/metadata")
            let pinned = try FileManager.default.contentsOfDirectory(atPath: metadata.path)
            let folder = metadata.appending(path: try #require(pinned.first))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                $0.hasSuffix(".json")
            }
            #expect(files.contains("timestamp.json") && files.contains("root.json"))
            for name in files {
                let file = folder.appending(path: name)
                let content = try Data(contentsOf: file)
                switch damage {
                case .torn: try content.prefix(content.count / 2).write(to: file)
                case .emptied: try Data().write(to: file)
                case .otherKey:
                    let text = String(decoding: content, as: UTF8.self)
                    try Data(text.replacing("\"sig\": \"", with: "\"sig\": \"00").utf8).write(to: file)
                case .folderGone: try FileManager.default.removeItem(at: file)
                }
            }
            if damage == .folderGone { try FileManager.default.removeItem(at: metadata) }
            try server.judged(status: 0, result: "Success")
        }
    }
}
