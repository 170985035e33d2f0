import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("A release that cannot be had")
struct FetchFailureTests {
    private func withOffer(
        _ body: (ContractServer, LoopbackServer) throws -> Void
    ) throws {
        try withContractServer { server in
            try server.offer([.good])
            try withLoopbackServer(server.repository) { web in
                try server.configure(["repository": web.address])
                try body(server, web)
            }
        }
    }

    @Test("is tried again by the next run when the server is down")
    func serverDown() throws {
        try withOffer { server, web in
            web.stop()
            let run = try server.judged(status: 75)
            #expect(run.errors.contains("UpgradeAbortedCannotConnect: \(web.address)/catalog.json"))
            try server.configure(["repository": server.repository.path])
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("aborts the run when a document is not there, or not what it was", arguments: ["catalog.json", "chunks"])
    func notFound(_ name: String) throws {
        try withOffer { server, web in
            let path = name == "chunks" ? "/adsync-\(PublishedReleases.Version.good).chunks" : "/\(name)"
            web.script(path, .status(404))
            let missing = try server.judged(status: 75)
            #expect(missing.errors.contains(path))
            // No byte of it can be read as anything else.
            web.script(path, .corrupt(byte: 0))
            let damaged = try server.judged(status: 75)
            #expect(damaged.errors.contains(path))
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("aborts the run when its list of files has another digest than the repository announces")
    func otherDocument() throws {
        try withContractServer { server in
            try server.offer([.good])
            let file = server.repository.appending(path: "adsync-\(PublishedReleases.Version.good).release.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "The contract", with: "Tho contract").utf8).write(to: file)
            let run = try server.judged(status: 75)
            #expect(run.errors.contains("UpgradeAbortedPackageDamaged"))
            #expect(run.errors.contains(file.lastPathComponent))
        }
    }

    @Test("is fetched on by the next run from where the connection broke")
    func resumed() throws {
        try withOffer { server, web in
            // One chunk of 4096 bytes arrives; then nothing more does, until the transfer gives up.
            let path = "/\(server.archiveName)"
            web.script(
                path, .closeAfter(bytes: 5000), .closeAfter(bytes: 0), .closeAfter(bytes: 0), .closeAfter(bytes: 0))
            try server.judged(status: 75, result: "UpgradeAbortedTransferFailed")
            let before = web.requests.count
            try server.judged(status: 0, result: "Success")
            let again = web.requests.dropFirst(before).filter { $0.path == path }
            #expect(again.map(\.range) == ["bytes=4096-"])
        }
    }

    @Test("is not unpacked when a chunk is damaged, and is left alone after the third time")
    func damagedChunk() throws {
        try withOffer { server, web in
            web.always("/\(server.archiveName)", .corrupt(byte: 100))
            for _ in 1...3 { try server.judged(status: 75, result: "UpgradeAbortedPackageDamaged") }
            #expect(!server.exists("opt/adsync/releases/\(PublishedReleases.Version.good)"))
            let requests = web.requests.filter { $0.path == "/\(server.archiveName)" }.count
            let withheld = try server.judged(status: 75)
            #expect(withheld.errors.contains("UpgradeAbortedReleaseWithheld"))
            #expect(web.requests.filter { $0.path == "/\(server.archiveName)" }.count == requests)
        }
    }

    @Test("is not unpacked when its archive in a folder was cut")
    func truncated() throws {
        try withContractServer { server in
            try server.offer([.good])
            let archive = server.repository.appending(path: server.archiveName)
            try Data(contentsOf: archive).dropLast(1000).write(to: archive)
            let run = try server.judged(status: 75, result: "UpgradeAbortedTransferFailed")
            #expect(run.errors.contains(server.archiveName))
            #expect(!server.exists("opt/adsync/releases/\(PublishedReleases.Version.good)"))
        }
    }

    /// What is wrong in an archive whose chunks are as they were published.
    enum Content: String, CaseIterable { case otherContent, strangeFile, missingFile, symbolicLink, climbs }

    @Test("is not installed when its archive holds something else than its list", arguments: Content.allCases)
    func otherContent(_ content: Content) throws {
        try withContractServer { server in
            try server.offer([.good])
            try replaceArchive(of: server, content)
            let isRefused = content == .symbolicLink || content == .climbs
            try server.judged(
                status: 75, result: isRefused ? "UpgradeAbortedPackageRefused" : "UpgradeAbortedReleaseDamaged")
            let releases = try FileManager.default.contentsOfDirectory(
                atPath: server.root.appending(path: "opt/adsync/releases").path)
            #expect(releases == [PublishedReleases.Version.base.rawValue])
        }
    }

    /// Publishes an archive made by hand, with the good release's list of files.
    private func replaceArchive(of server: ContractServer, _ content: Content) throws {
        let releases = try PublishedReleases.shared()
        let document = releases.document(.good)
        let manifest = try JSONSerialization.jsonObject(with: Data(contentsOf: document)) as? [String: Any]
        var entries = [TarEntry("release.json", content: try String(contentsOf: document, encoding: .utf8))]
        for file in manifest?["files"] as? [[String: Any]] ?? [] {
            let path = try #require(file["path"] as? String)
            var text = try String(contentsOf: releases.folder(.good).appending(path: path), encoding: .utf8)
            if path == "rules/export.sh" {
                if content == .missingFile { continue }
                if content == .otherContent { text = text.replacingOccurrences(of: "export", with: "EXPORT") }
            }
            entries.append(
                TarEntry(path, mode: Int(file["mode"] as? String ?? "", radix: 8) ?? 0o644, content: text))
        }
        switch content {
        case .strangeFile: entries[1].name = "bin/stranger"
        case .symbolicLink: entries.append(TarEntry("rules/link", type: "2", linkTarget: "/etc/passwd"))
        case .climbs: entries.append(TarEntry("../stranger", content: "x"))
        case .otherContent, .missingFile: break
        }
        let archive = server.repository.appending(path: server.archiveName)
        try HandMadeArchive.write(entries, to: archive)
        let size = try Data(contentsOf: archive).count
        let sums = try run(
            URL(filePath: "/bin/sh"),
            ["-c", "sha256sum <\"$1\"; split -b 65536 --filter=sha256sum \"$1\"", "sh", archive.path]
        ).output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        let chunks: [String: Any] = [
            "schema": "chunks/1", "chunkSize": 65536, "chunks": Array(sums.dropFirst()),
            "archive": ["name": server.archiveName, "size": size, "sha256": sums[0]],
        ]
        try JSONSerialization.data(withJSONObject: chunks).write(
            to: server.repository.appending(path: "adsync-\(PublishedReleases.Version.good).chunks"))
        try releases.publish([.good], into: server.repository)
    }

    @Test("is refused without a signature, and with that of a key which nobody trusts")
    func signatures() throws {
        try withContractServer { server in
            try server.offer([.good], configuration: ["allowUnsigned": false])
            let unsigned = try server.judged(status: 75)
            #expect(unsigned.errors.contains("not signed"))
            #expect(try server.upgrade(["run", "--catalog", server.repository.path]).status == 65)

            for name in ["trusted", "other"] {
                let made = try run(
                    builtProgram("aadc-publish"),
                    ["keygen", "--unencrypted", "--output", server.folder.appending(path: name).path])
                #expect(made.status == 0)
            }
            let keys = server.root.appending(path: "etc/aadc-upgrade/trusted-keys.json")
            try FileManager.default.copyItem(at: server.folder.appending(path: "trusted.pub"), to: keys)
            try sign(server, with: "other")
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("signature"))
            // Where keys are trusted, the setting allows nothing.
            try server.configure(["allowUnsigned": true])
            try server.judged(status: 75)
            try sign(server, with: "trusted")
            try server.judged(status: 0, result: "Success")
        }
    }

    private func sign(_ server: ContractServer, with key: String) throws {
        let published = try run(
            builtProgram("aadc-publish"),
            [
                "repository", server.repository.path, "--product", "adsync", "--channel", "auto-upgrade", "--key",
                server.folder.appending(path: key).path,
            ])
        #expect(published.status == 0, "\(published.errors)")
    }
}
