import Foundation
import Glibc

/// One upgrade, seen from outside and by its journal.
struct UpgradeFigures {
    var journal: Journal
    /// From the lease being taken, just before the scheduler is suspended, to its being given back, just after cycles are
    /// allowed again.
    var pause: Double
    var processor: Double
    var peaks: [String: Int]
}

/// Everything measured on a server of one size.
struct Figures {
    var directoryObjects: Int
    var connectorSpaces = 0
    var metaverse = 0
    var databaseBytes = 0
    /// From the first start to the end of the second cycle: imported, synchronized, exported, confirmed.
    var firstCycles = 0.0
    var restarts: [Double] = []
    var verbs: [(name: String, seconds: Double, processor: Double, peakBytes: Int)] = []
    var migrating: UpgradeFigures?
    /// The cycles that follow an upgrade with changed rules.
    var observation = 0.0
    var same: [UpgradeFigures] = []
    var idleRuns: [Cost] = []
    var idleBytes: [Int] = []
    var serviceMemory = 0
    var problem: String?

    init(directoryObjects: Int) { self.directoryObjects = directoryObjects }
}

struct Measurement {
    let releases: Releases
    let work: String
    /// How long the first two cycles may take.
    let patience: Double

    func figures(objects: Int) throws -> Figures {
        var figures = Figures(directoryObjects: objects)
        let folder = "\(work)/\(objects)"
        _ = try? Child.run(["chmod", "-R", "u+w", folder])
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try releases.publish([Releases.first])
        let server = try Server.make(objects: objects, in: folder, releases: releases)
        defer { server.stop() }
        do {
            try fill(server, &figures)
            try restarts(server, &figures)
            try verbs(server, &figures)
            try upgrades(server, &figures)
            try idleRuns(server, &figures)
        } catch {
            // What was measured so far is worth keeping.
            figures.problem = "\(error)"
            say("  \(error)")
        }
        return figures
    }

    private func fill(_ server: Server, _ figures: inout Figures) throws {
        let began = Monotonic.now()
        try server.start()
        let done = try server.awaitCycles(2, seconds: patience)
        figures.firstCycles = Monotonic.now() - began
        figures.serviceMemory = server.serviceMemory
        guard done else {
            let history = try server.verb("history", "--limit", "4").output
            throw BenchError("two cycles did not end within \(Int(patience)) s; the last steps: \(history)")
        }
        (figures.connectorSpaces, figures.metaverse) = try server.objects()
        try server.awaitIdle()
        say("  first two cycles: \(Text.seconds(figures.firstCycles)), service \(Text.bytes(figures.serviceMemory))")
    }

    private func restarts(_ server: Server, _ figures: inout Figures) throws {
        for _ in 0..<5 {
            try server.awaitIdle()
            figures.restarts.append(try server.restart())
        }
        say("  bare stop and start: \(Text.spread(figures.restarts))")
    }

    private func verbs(_ server: Server, _ figures: inout Figures) throws {
        for words in [
            ["status"], ["health"], ["settings", "get"], ["facts"], ["self-test", "--quick"], ["self-test"],
        ] {
            let costs = try (0..<5).map { _ in try server.verb(words) }
            figures.verbs.append(
                (
                    words.joined(separator: " "), Text.median(costs.map(\.seconds)),
                    Text.median(costs.map(\.processor)), costs.map(\.peakBytes).max() ?? 0
                ))
        }
        figures.databaseBytes = server.databaseBytes
    }

    private func upgrades(_ server: Server, _ figures: inout Figures) throws {
        try releases.publish([Releases.first, Releases.migrating])
        figures.migrating = try upgrade(server)
        let began = Monotonic.now()
        _ = try server.upgrader("run", "--wait")
        figures.observation = Monotonic.now() - began
        figures.serviceMemory = max(figures.serviceMemory, server.serviceMemory)
        say("  observation: \(Text.seconds(figures.observation))")
        for (index, version) in Releases.same.enumerated() {
            try server.awaitIdle()
            try releases.publish([Releases.first, Releases.migrating] + Releases.same[...index])
            let one = try upgrade(server)
            guard one.journal.states.last?.name == "resuming" else { throw BenchError("no upgrade to \(version)") }
            figures.same.append(one)
            _ = try server.upgrader("run", "--wait")
        }
    }

    private func upgrade(_ server: Server) throws -> UpgradeFigures {
        let (cost, seen) = try Watch.during(root: server.root) { try server.upgrader("run") }
        guard let pause = seen.pause else { throw BenchError("nothing was upgraded: \(cost.output)") }
        let journal = try server.journal()
        say("  upgrade: \(Text.seconds(journal.upgradeSeconds)), paused \(Text.seconds(pause))")
        return UpgradeFigures(journal: journal, pause: pause, processor: cost.processor, peaks: seen.peaks)
    }

    private func idleRuns(_ server: Server, _ figures: inout Figures) throws {
        try server.awaitIdle()
        for _ in 0..<20 {
            let before = releases.bytesSent
            figures.idleRuns.append(try server.upgrader("run"))
            // The count is written after the answer was sent.
            usleep(20_000)
            figures.idleBytes.append(releases.bytesSent - before)
        }
    }
}
