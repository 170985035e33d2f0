import Documents
import Foundation
import SyncConfiguration
import TestSupport
import Testing

/// The comparison of two servers as a document and as text, and over a real server.
struct ServerComparisonDocumentTests {
    private func compared() -> ServerComparison {
        var right = ServerComparisonTests.staging
        for one in ServerComparisonTests.cases { one.edit(&right) }
        for place in right.rules.indices where right.rules[place].name == "User Join" {
            right.rules[place].precedence = 300 - right.rules[place].precedence
        }
        return ServerComparison.make(ServerComparisonTests.active, right)
    }

    @Test("The document is as recorded")
    func golden() {
        let comparison = compared()
        #expect(goldenDifference("comparison.json", String(decoding: comparison.json.pretty, as: UTF8.self)) == nil)
    }

    @Test("Servers that do not differ are said to be alike, with what is theirs alone")
    func alike() {
        var right = ServerComparisonTests.staging
        right.parameters[GlobalParameter.stagingMode] = "True"
        let comparison = ServerComparison.make(ServerComparisonTests.active, right)
        let shown = comparison.sections.filter { !$0.rows.isEmpty }
        #expect(shown.map(\.kind) == [.own])
        #expect(shown.first?.counts == false)
        #expect(shown.first?.rows.map(\.what) == [GlobalParameter.stagingMode])
        #expect(comparison.left.heading == "SYNC01, version 2.5.79.0, exported 2026-01-02 03:04:05.678")
        #expect(comparison.json["differs"] == false)
    }

    @Test(
        "The real server and itself do not differ; a staging server with one changed rule does",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func real() throws {
        let active = try ExportFolder(path: #require(realExport).path).read()
        #expect(ServerComparison.make(active, active).sections.flatMap(\.rows) == [])
        var staging = active
        staging.parameters[GlobalParameter.stagingMode] = "True"
        let place = try #require(
            staging.rules.firstIndex { $0.record.immutableTag == "Microsoft.OuttoAADUserJoin.006" })
        staging.rules[place].flows.removeLast()
        for place in staging.rules.indices { staging.rules[place].precedence += 1 }
        let comparison = ServerComparison.make(active, staging)
        #expect(comparison[.rules]?.rows.count == 1)
        #expect(comparison[.rules]?.rows.first?.right == nil)
        #expect(comparison[.precedences]?.rows.count == 62)
        #expect(comparison[.precedences]?.counts == false)
        #expect(comparison[.own]?.rows.map(\.what) == ["Microsoft.Synchronize.StagingMode"])
        #expect(comparison[.settings]?.rows == [])
    }
}
