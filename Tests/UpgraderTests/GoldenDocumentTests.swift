import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct GoldenDocumentTests {
    @Test("A document on disk is read and written again, byte for byte", arguments: DocumentSamples.all.map(\.name))
    func rewritten(_ name: String) throws {
        let sample = try #require(DocumentSamples.all.first { $0.name == name })
        if let difference = goldenDifference(name, String(decoding: sample.json.pretty, as: UTF8.self)) {
            Issue.record("\(difference)")
            return
        }
        let bytes = try golden(name)
        let written = try sample.rewrite(bytes, name).pretty
        #expect(String(decoding: written, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    }

    @Test(
        "A member that is missing is named in the refusal, or counts as empty",
        arguments: DocumentSamples.all.map(\.name))
    func membersMissing(_ name: String) throws {
        let sample = try #require(DocumentSamples.all.first { $0.name == name })
        let members = try #require(sample.json.object)
        for key in members.keys.sorted() {
            var fewer = members
            fewer[key] = nil
            do {
                let written = try sample.rewrite(JSONValue.object(fewer).compact, "f.json")
                #expect([nil, JSONValue.null, [], false, ""].contains(written[key]), "\(key)")
            } catch let error as DocumentError {
                #expect(error.description.hasPrefix("f.json: "))
                #expect(error.description.contains(key), "\(error)")
            }
        }
    }

    @Test("The schemas have one golden file each, and there is none of a schema that is gone")
    func complete() throws {
        let names = DocumentSamples.all.map(\.name)
        #expect(Set(names).count == names.count)
        let folder = packageFolder.appending(path: "Tests/Golden").path
        let files = (try DurableFiles.list(folder) ?? []).filter { $0.hasPrefix("document-") }
        #expect(files == names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    }

    @Test("Every line of a journal is written as it was read")
    func journal() throws {
        let process = ProcessIdentity(pid: 4711, startTime: 123_456, bootId: DocumentSamples.boot.string ?? "")
        let events: [JournalRecord.Event] = [
            .entered(.planning), .ended(.planning, .done, reason: nil), .entered(.acquiring), .takenOver,
            .ended(.acquiring, .interrupted, reason: "Interrupted"), .noted("one line"),
            .concluded(.aborted, result: "UpgradeAbortedInterrupted"), .unknown("later"),
        ]
        let records = events.enumerated().map { index, event in
            JournalRecord(
                index: index, time: WallTime(seconds: 1_767_225_600 + index), process: process, event: event,
                detail: index == 1 ? ["plan": DocumentSamples.digest] : [:])
        }
        let text = records.map { String(decoding: $0.line, as: UTF8.self) + "\n" }.joined()
        if let difference = goldenDifference("journal.jsonl", text) {
            Issue.record("\(difference)")
            return
        }
        let lines = try golden("journal.jsonl").split(separator: UInt8(ascii: "\n")).map(Array.init)
        for (index, line) in lines.enumerated() {
            let record = try JournalRecord(line: line, file: "journal.jsonl", number: index + 1)
            #expect(record == records[index])
            #expect(record.line == line)
        }
    }

    @Test("The settings of this program are read from their golden file")
    func configuration() throws {
        let json: JSONValue = [
            "schema": "upgrader-config/1", "repository": "https://repository.example/adsync", "channel": "stable",
            "allowUnsigned": true, "unit": "adsync.service", "proxy": "http://proxy.example:3128",
            "noProxy": "localhost,.example", "certificateAuthorities": "/etc/ssl/own.pem",
            "mirrors": ["https://mirror.example/adsync", "/srv/adsync"], "acceptedRisks": ["Known"],
            "proxyIdleSeconds": 600, "proxyCredentialsFile": "/etc/aadc-upgrade/proxy",
            "clientCertificate": "/etc/ssl/client.pem", "clientKey": "/etc/ssl/private/client.pem",
            "clientKeyPasswordFile": "/etc/aadc-upgrade/key-password",
            "leaseSeconds": 1, "idleWaitSeconds": 2,
            "observedCycles": 3, "observationSeconds": 4, "generationsKept": 5, "releasesKept": 6,
            "freeDiskReserve": 7, "startTries": 8, "startWaitSeconds": 9, "stopWaitSeconds": 10,
            "lowSpeedSeconds": 11, "transferSeconds": 12, "bandwidthBytesPerSecond": 13,
            "lowSpeedBytesPerSecond": 14, "connectSeconds": 15, "documentSeconds": 16, "transferTotalSeconds": 17,
            "transferTries": 18,
        ]
        if let difference = goldenDifference("upgrader-config.json", String(decoding: json.pretty, as: UTF8.self)) {
            Issue.record("\(difference)")
            return
        }
        var read = UpgraderConfiguration()
        try read.merge(try golden("upgrader-config.json"), file: "upgrader-config.json")
        #expect(read.repository == "https://repository.example/adsync")
        #expect(read.channel == "stable")
        #expect(read.allowUnsigned)
        #expect(read.unit == "adsync.service")
        #expect(read.proxy == "http://proxy.example:3128")
        #expect(read.noProxy == "localhost,.example")
        #expect(read.certificateAuthorities == "/etc/ssl/own.pem")
        let numbers = [
            read.leaseSeconds, read.idleWaitSeconds, read.observedCycles, read.observationSeconds,
            read.generationsKept, read.releasesKept, read.freeDiskReserve, read.startTries, read.startWaitSeconds,
            read.stopWaitSeconds, read.lowSpeedSeconds, read.transferSeconds, read.bandwidthBytesPerSecond,
            read.lowSpeedBytesPerSecond, read.connectSeconds, read.documentSeconds, read.transferTotalSeconds,
            read.transferTries,
        ]
        #expect(numbers == Array(1...18))
        #expect(read.mirrors == ["https://mirror.example/adsync", "/srv/adsync"])
        #expect(read.acceptedRisks == ["Known"] && read.proxyIdleSeconds == 600)
        #expect(read.proxyCredentialsFile == "/etc/aadc-upgrade/proxy")
        #expect(read.clientCertificate == "/etc/ssl/client.pem" && read.clientKey == "/etc/ssl/private/client.pem")
        #expect(read.clientKeyPasswordFile == "/etc/aadc-upgrade/key-password")
    }

    @Test("What history says of attempts and verdicts")
    func history() throws {
        func time(_ seconds: Int) -> WallTime { WallTime(seconds: 1_767_225_600 + seconds) }
        let (from, to) = (ProductVersion(1, 1, 880, 0), ProductVersion(1, 1, 882, 0))
        let plan = DocumentSamples.digest.string ?? ""
        let history = History(
            entries: [
                HistoryEntry(
                    attempt: "a", from: from, to: to, began: time(0), ended: time(100),
                    result: "UpgradeFailedRollbackSuccess-PostTestFailed", state: "rolledBack",
                    message: "post-test 20-agent failed", plan: plan),
                HistoryEntry(
                    attempt: "b", from: from, to: to, began: time(86_400), ended: nil, result: nil, state: "observing",
                    message: "", plan: plan),
            ],
            verdicts: [
                VerdictLog.Entry(
                    time: time(3600), verdict: "aborted", code: "UpgradeAbortedSyncCycleDisabled",
                    reason: "the cycle is disabled"),
                VerdictLog.Entry(time: time(7200), verdict: "disabled", code: nil, reason: "switched off"),
            ])
        for (name, output) in [
            ("history.json", String(decoding: history.json.pretty, as: UTF8.self)), ("history.txt", history.text),
        ] {
            if let difference = goldenDifference(name, output) { Issue.record("\(difference)") }
        }
    }

    @Test("A plan as a person reads it")
    func planDifference() throws {
        var members = DocumentSamples.plan
        members["schema"] = "plan/1"
        var plan = try UpgradePlan(json: .object(members), file: "plan.json")
        let signed = plan.difference
        plan.signedBy = []
        plan.settingsMayChange = []
        if let difference = goldenDifference("plan.txt", signed + plan.difference) { Issue.record("\(difference)") }
    }

    private func golden(_ name: String) throws -> [UInt8] {
        try #require(try DurableFiles.read(packageFolder.appending(path: "Tests/Golden/\(name)").path))
    }
}
