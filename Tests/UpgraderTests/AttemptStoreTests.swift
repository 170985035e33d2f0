import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct AttemptStoreTests {
    private let clock = TestClock()

    private func plan(_ change: (inout [String: JSONValue]) -> Void = { _ in }) throws -> UpgradePlan {
        var members = DocumentSamples.plan
        members["schema"] = "plan/1"
        change(&members)
        return try UpgradePlan(json: .object(members), file: "plan.json")
    }

    private func withStore(_ body: (AttemptStore) throws -> Void) throws {
        try withTemporaryFolder { try body(AttemptStore(layout: ServerLayout(root: $0.path))) }
    }

    @Test("An attempt is made whole: its plan, the release's documents and what else was given")
    func create() throws {
        try withStore { store in
            let id = try store.create(
                plan(), manifest: [1, 2], chunks: [3], more: ["eligibility.json": [4]], now: clock.now())
            #expect(id == "20260101T000000Z-1.1.882.0")
            let folder = store.layout.attempt(id)
            #expect(try DurableFiles.list(folder) == ["chunks.json", "eligibility.json", "plan.json", "release.json"])
            #expect(try DurableFiles.read("\(folder)/release.json") == [1, 2])
            #expect(try store.plan(of: id) == plan())
            #expect(try store.identifiers() == [id])
            #expect(try store.progress(of: id).position == .new)
            #expect(try store.unfinished() == id)
        }
    }

    @Test("What a crash left half made is no attempt, and does not stand in the way of the next one")
    func halfMade() throws {
        try withStore { store in
            let half = "\(store.layout.attempts)/.new-20260101T000000Z-1.1.882.0"
            try DurableFiles.makeFolders(half, mode: 0o750)
            try DurableFiles.replace("\(half)/stale", [])
            #expect(try store.identifiers() == [])
            #expect(try store.unfinished() == nil)
            let id = try store.create(plan(), manifest: [], chunks: [], now: clock.now())
            #expect(!DurableFiles.exists("\(store.layout.attempt(id))/stale"))
            #expect(try store.identifiers() == [id])
        }
    }

    @Test("Attempts of the same second have names of their own, and later ones come later")
    func unique() throws {
        try withStore { store in
            var made: [String] = []
            for _ in 0..<3 { made.append(try store.create(plan(), manifest: [], chunks: [], now: clock.now())) }
            clock.advance(seconds: 1)
            made.append(try store.create(plan(), manifest: [], chunks: [], now: clock.now()))
            #expect(Set(made).count == 4)
            #expect(try store.identifiers() == made)
        }
    }

    @Test("An attempt with a result is finished, whatever came before it")
    func unfinished() throws {
        try withStore { store in
            let first = try store.create(plan(), manifest: [], chunks: [], now: clock.now())
            var journal = try Journal.open(folder: store.layout.attempt(first), clock: clock)
            try journal.append(.entered(.planning))
            #expect(try store.unfinished() == first)
            try journal.append(.concluded(.aborted, result: "UpgradeAbortedX"))
            #expect(try store.unfinished() == nil)
        }
    }

    @Test("An attempt without its plan says which file is missing and what to do")
    func noPlan() throws {
        try withStore { store in
            #expect {
                try store.plan(of: "x")
            } throws: {
                "\($0)".contains("attempts/x/plan.json is missing") && "\($0)".contains("aadc-upgrade repair")
            }
        }
    }

    @Test("The digest names the plan: the same plan has the same, every changed one another")
    func digest() throws {
        let original = try plan()
        #expect(try plan().digest == original.digest)
        // Written and read again, it is still the same plan.
        #expect(try UpgradePlan(bytes: original.json.pretty, file: "f").digest == original.digest)
        let changes: [(inout [String: JSONValue]) -> Void] = [
            { $0["product"] = "other" }, { $0["dataEpoch"] = 3 }, { $0["settingsMayChange"] = [] },
            { $0["from"] = ["version": "1.1.880.0", "generation": 9] },
            { $0["to"] = ["version": "1.1.883.0", "generation": 4] },
            { $0["policy"] = ["leaseSeconds": 901, "observedCycles": 2, "observationSeconds": 21_600] },
            { $0["later"] = "a condition that a newer program knows" },
        ]
        let digests = try changes.map { try plan($0).digest }
        #expect(Set(digests + [original.digest]).count == changes.count + 1)
    }
}

struct RetentionTests {
    @Test(
        "The active generation stays, then the newest that worked, then the newest that failed",
        arguments: [
            Kept([1, 2, 3, 4], active: 4, count: 2, expected: [3, 4]),
            Kept([1, 2, 3, 4], active: 3, count: 2, expected: [3, 4]),
            Kept([1, 2, 3, 4], active: 1, count: 2, expected: [1, 4]),
            Kept([4, 2, 1, 3], active: 4, count: 3, expected: [2, 3, 4]),
            Kept([9, 10, 11], active: 11, count: 2, expected: [10, 11]),
            Kept([7], active: 7, count: 2, expected: [7]),
            Kept([1, 2], active: 2, count: 5, expected: [1, 2]),
            Kept([1, 2, 3], active: 2, count: 1, expected: [2]),
            Kept([], active: 3, count: 2, expected: [3]),
            Kept([1, 2, 3, 4], active: 2, failed: [3, 4], count: 2, expected: [1, 2]),
            Kept([1, 2, 3, 4], active: 2, failed: [3, 4], count: 3, expected: [1, 2, 4]),
            Kept([1, 2], active: 2, failed: [2], count: 2, expected: [1, 2]),
        ])
    private func kept(_ given: Kept) {
        let kept = Retention.kept(
            given.generations, active: given.active, failed: given.failed, count: given.count)
        #expect(kept.sorted() == given.expected)
    }

    private struct Kept: Sendable {
        let generations: [Int]
        let active: Int
        let failed: Set<Int>
        let count: Int
        let expected: [Int]

        init(_ generations: [Int], active: Int, failed: Set<Int> = [], count: Int, expected: [Int]) {
            self.generations = generations
            self.active = active
            self.failed = failed
            self.count = count
            self.expected = expected
        }
    }

    @Test("Old generations and the releases that no kept one runs are removed, read-only as they are")
    func prune() throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            // Generation n runs release 1.0.n.0; release 1.0.9.0 was acquired and never run.
            for number in 1...5 { try Self.makeGeneration(number, layout) }
            try Self.makeRelease(ProductVersion(1, 0, 9, 0), layout)
            try DurableFiles.replaceLink(layout.current, target: ServerLayout.currentTarget(4))
            try DurableFiles.makeFolders("\(layout.generations)/.copy-x", mode: 0o755)

            var configuration = UpgraderConfiguration()
            configuration.generationsKept = 2
            configuration.releasesKept = 3
            try Retention(layout: layout, configuration: configuration).prune()
            #expect(try DurableFiles.list(layout.generations) == ["4", "5"])
            #expect(try DurableFiles.list(layout.releases) == ["1.0.4.0", "1.0.5.0", "1.0.9.0"])

            configuration.releasesKept = 2
            try Retention(layout: layout, configuration: configuration).prune()
            #expect(try DurableFiles.list(layout.releases) == ["1.0.4.0", "1.0.5.0"])
        }
    }

    @Test("Where no generation is active nothing is removed")
    func nothingActive() throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            for number in 1...4 { try Self.makeGeneration(number, layout) }
            try Retention(layout: layout, configuration: UpgraderConfiguration()).prune()
            #expect(try DurableFiles.list(layout.generations)?.count == 4)
            #expect(try DurableFiles.list(layout.releases)?.count == 4)
        }
    }

    private static func makeGeneration(_ number: Int, _ layout: ServerLayout) throws {
        let version = ProductVersion(1, 0, number, 0)
        try DurableFiles.makeFolders(layout.data(number), mode: 0o700)
        try DurableFiles.replace("\(layout.data(number))/adsync.db", [1])
        try DurableFiles.replaceLink(
            layout.releaseLink(number), target: ServerLayout.releaseLinkTarget(version))
        try makeRelease(version, layout)
    }

    private static func makeRelease(_ version: ProductVersion, _ layout: ServerLayout) throws {
        let sample = DocumentSamples.all.first { $0.name == "document-release.json" }
        var members = try #require(sample?.json.object)
        members["version"] = .string(version.description)
        try DurableFiles.makeFolders("\(layout.release(version))/bin", mode: 0o755)
        try DurableFiles.replace(
            "\(layout.release(version))/release.json", JSONValue.object(members).pretty, mode: 0o644)
        try DurableFiles.makeReadOnly(layout.release(version))
    }
}

struct VerdictLogTests {
    @Test("A verdict is recorded when it changes, not at every run")
    func oneLinePerChange() throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            try DurableFiles.makeFolders(layout.upgrader, mode: 0o755)
            let (log, clock) = (VerdictLog(layout: layout), TestClock())
            #expect(try log.entries().isEmpty)

            let well = try EligibilityFacts.evaluate(EligibilityFacts.live())
            var facts = EligibilityFacts.live(ProductVersion(1, 1, 749, 0))
            let tooOld = try EligibilityFacts.evaluate(facts)
            facts = EligibilityFacts.live()
            facts.serviceRunning = false
            let stopped = try EligibilityFacts.evaluate(facts)
            #expect(Set([well, tooOld, stopped].map { $0.verdict.code?.description ?? "" }).count == 3)

            for report in [well, well, tooOld, tooOld, tooOld, stopped, tooOld, well] {
                try log.record(report, now: clock.now())
                clock.advance(seconds: 300)
            }
            let entries = try log.entries()
            #expect(entries.map(\.code) == [nil, tooOld, stopped, tooOld, nil].map { $0?.verdict.code?.description })
            #expect(entries.map { $0.time - entries[0].time } == [0, 600, 1500, 1800, 2100])
            #expect(entries[1].reason == tooOld.reason)
            #expect(entries[1].verdict == "notSupported")
        }
    }

    @Test("A line that a crash cut off is passed over")
    func torn() throws {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            try DurableFiles.makeFolders(layout.upgrader, mode: 0o755)
            try DurableFiles.replace(layout.verdicts, Array(#"{"schema":"verdict/1","ti"#.utf8))
            let log = VerdictLog(layout: layout)
            let report = try EligibilityFacts.evaluate(EligibilityFacts.live())
            try log.record(report, now: TestClock().now())
            #expect(try log.entries().map(\.verdict) == ["eligible"])
        }
    }
}
