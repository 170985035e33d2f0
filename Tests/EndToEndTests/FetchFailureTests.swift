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
            #expect(run.errors.contains("UpgradeAbortedCannotConnect: \(web.address)/metadata/"))
            try server.configure(["repository": server.repository.path])
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test(
        "aborts the run when a document is not there, or not what it was",
        arguments: ["catalog.json", "chunks", "release.json"])
    func notFound(_ name: String) throws {
        try withOffer { server, web in
            let file = name == "catalog.json" ? name : "adsync-\(PublishedReleases.Version.good).\(name)"
            let path = "/\(try server.targetPath(file))"
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
            let name = "adsync-\(PublishedReleases.Version.good).release.json"
            let file = server.repository.appending(path: try server.targetPath(name))
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
            let path = "/\(try server.targetPath(server.archiveName))"
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
            let path = "/\(try server.targetPath(server.archiveName))"
            web.always(path, .corrupt(byte: 100))
            for _ in 1...3 { try server.judged(status: 75, result: "UpgradeAbortedPackageDamaged") }
            #expect(!server.exists("opt/adsync/releases/\(PublishedReleases.Version.good)"))
            let requests = web.requests.filter { $0.path == path }.count
            let withheld = try server.judged(status: 75)
            #expect(withheld.errors.contains("UpgradeAbortedReleaseWithheld"))
            #expect(web.requests.filter { $0.path == path }.count == requests)
        }
    }

    @Test("is not unpacked when its archive in a folder was cut")
    func truncated() throws {
        try withContractServer { server in
            try server.offer([.good])
            let archive = server.repository.appending(path: try server.targetPath(server.archiveName))
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
            // What has the right names and sizes is only found when the whole tree is compared.
            let isRefused = content != .otherContent
            try server.judged(
                status: 75, result: isRefused ? "UpgradeAbortedPackageRefused" : "UpgradeAbortedReleaseDamaged")
            let releases = try FileManager.default.contentsOfDirectory(
                atPath: server.root.appending(path: "opt/adsync/releases").path)
            #expect(releases == [PublishedReleases.Version.base.rawValue])
        }
    }

    /// What the good release's archive holds.
    private func goodEntries() throws -> [TarEntry] {
        let releases = try PublishedReleases.shared()
        let document = releases.document(.good)
        let manifest = try JSONSerialization.jsonObject(with: Data(contentsOf: document)) as? [String: Any]
        var entries = [TarEntry("release.json", content: try String(contentsOf: document, encoding: .utf8))]
        for file in manifest?["files"] as? [[String: Any]] ?? [] {
            let path = try #require(file["path"] as? String)
            let text = try String(contentsOf: releases.folder(.good).appending(path: path), encoding: .utf8)
            entries.append(
                TarEntry(path, mode: Int(file["mode"] as? String ?? "", radix: 8) ?? 0o644, content: text))
        }
        return entries
    }

    /// Publishes an archive made by hand, with the good release's list of files.
    private func replaceArchive(of server: ContractServer, _ content: Content) throws {
        var entries = try goodEntries()
        let place = try #require(entries.firstIndex { $0.name == "rules/export.sh" })
        switch content {
        case .missingFile: entries.remove(at: place)
        case .otherContent:
            let text = String(decoding: entries[place].content, as: UTF8.self)
            entries[place].content = Array(text.replacingOccurrences(of: "export", with: "EXPORT").utf8)
        case .strangeFile: entries[1].name = "bin/stranger"
        case .symbolicLink: entries.append(TarEntry("rules/link", type: "2", linkTarget: "/etc/passwd"))
        case .climbs: entries.append(TarEntry("../stranger", content: "x"))
        }
        try publish(HandMadeArchive.zstd(HandMadeArchive.tar(entries)), on: server)
    }

    /// Publishes an archive with its chunk list.
    private func publish(_ archive: [UInt8], on server: ContractServer) throws {
        let file = server.repository.appending(path: server.archiveName)
        try Data(archive).write(to: file)
        let script = "sha256sum <\"$1\"; split -b 65536 --filter=sha256sum \"$1\""
        let sums = try run(URL(filePath: "/bin/sh"), ["-c", script, "sh", file.path])
            .output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        let chunks: [String: Any] = [
            "schema": "chunks/1", "chunkSize": 65536, "chunks": Array(sums.dropFirst()),
            "archive": ["name": server.archiveName, "size": archive.count, "sha256": sums[0]],
        ]
        try JSONSerialization.data(withJSONObject: chunks).write(
            to: server.repository.appending(path: "adsync-\(PublishedReleases.Version.good).chunks"))
        try PublishedReleases.shared().publish([.good], into: server.repository)
    }

    @Test("is refused without a signature, unless that is allowed for a folder of this machine and said aloud")
    func unsigned() throws {
        try withContractServer { server in
            try server.offer([.good])
            let plain = server.folder.appending(path: "plain")
            try PublishedReleases.shared().publish([.good], into: plain, isSigned: false)
            // Where a root is pinned, the setting allows nothing.
            try server.configure(["repository": plain.path, "allowUnsigned": true])
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("no signed repository"), "\(refused.errors)")
            #expect(try server.upgrade(["run", "--catalog", plain.path]).status == 66)

            try FileManager.default.removeItem(at: server.root.appending(path: "etc/aadc-upgrade/trusted-root.json"))
            try server.configure(["allowUnsigned": false])
            let nobody = try server.judged(status: 75)
            #expect(nobody.errors.contains("UpgradeAbortedRepositoryNotTrusted"), "\(nobody.errors)")
            #expect(nobody.errors.contains("aadc-upgrade catalog trust --pin"))
            #expect(try server.upgrade(["run", "--catalog", plain.path]).status == 65)

            try server.configure(["allowUnsigned": true])
            try withLoopbackServer(plain) { web in
                let remote = try server.upgrade(["check", "--catalog", web.address])
                #expect(remote.status == 65 && remote.errors.contains("from nowhere else"), "\(remote.errors)")
                #expect(web.requests.isEmpty)
            }
            let run = try server.judged(status: 0, result: "Success")
            #expect(run.errors.contains("UNSIGNED"), "\(run.errors)")
        }
    }

    @Test("is refused with the signature of a key that nobody here trusts")
    func stranger() throws {
        try withContractServer { server in
            try server.offer([.good])
            let key = server.folder.appending(path: "other").path
            #expect(try run(builtProgram("aadc-publish"), ["keygen", "--output", key, "--unencrypted"]).status == 0)
            try FileManager.default.removeItem(at: server.repository.appending(path: "metadata"))
            let published = try run(
                builtProgram("aadc-publish"),
                [
                    "repository", server.repository.path, "--product", "adsync", "--channel", "auto-upgrade", "--key",
                    key,
                ])
            #expect(published.status == 0, "\(published.errors)")
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedRepositoryNotTrusted"), "\(refused.errors)")
            #expect(refused.errors.contains("timestamp.json"))
            #expect(try server.upgrade(["run", "--catalog", server.repository.path]).status == 65)

            try server.trust(server.repository)
            try server.judged(status: 0, result: "Success")
        }
    }
}
