import Documents
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct EligibilitySummaryTests {
    static func reports() throws -> [EligibilityReport] {
        try ReportSamples.verdicts.map { try ReportSamples().report($0) }
    }

    static func summary() throws -> EligibilitySummary {
        let rows = try reports().enumerated().map { index, report in
            EligibilitySummary.Entry.server(.init(report, input: "exports/server-\(index + 1)"))
        }
        let bad = EligibilitySummary.Unreadable(
            input: "exports/broken", error: "GlobalSettings/MV.xml: line 3: not well-formed", exitStatus: 65)
        return EligibilitySummary(entries: rows + [.unreadable(bad)])
    }

    @Test("The summary is as recorded, in text, as a document and as a page")
    func recorded() throws {
        let summary = try Self.summary()
        #expect(goldenDifference("eligibility-summary.txt", EligibilitySummaryText.render(summary)) == nil)
        let json = String(decoding: summary.json.pretty, as: UTF8.self)
        #expect(goldenDifference("eligibility-summary.json", json) == nil)
        let page = EligibilitySummaryHTML.render(summary, reports: try Self.reports())
        #expect(goldenDifference("eligibility-summary.html", page) == nil)
    }

    @Test(
        "The exit status is the worst of all",
        arguments: [
            ([], 0), ([0, 0], 0), ([0, 75], 75), ([78, 75, 0], 78), ([78, 66], 66), ([65, 66, 78], 65),
            ([77, 65], 77), ([70, 77, 0], 70),
        ] as [([Int32], Int32)])
    func worst(_ statuses: [Int32], _ worst: Int32) {
        #expect(EligibilitySummary.worst(statuses) == worst)
        #expect(EligibilitySummary.worst(statuses.reversed()) == worst)
        let inputs = statuses.filter { $0 != 0 }.map {
            EligibilitySummary.Entry.unreadable(.init(input: "a", error: "b", exitStatus: $0))
        }
        #expect(EligibilitySummary(entries: inputs).exitStatus == worst)
    }

    @Test("A row says what the report says")
    func row() throws {
        let row = EligibilitySummary.Row(try ReportSamples().report("notSupported"), input: "exports/sync02")
        #expect(row.name == "SYNC02" && row.state == "Suspended" && row.version == ProductVersion(2, 0, 0, 0))
        #expect(row.candidate == ProductVersion(2, 5, 0, 0) && row.attended == ProductVersion(3, 1, 0, 0))
        #expect(row.blocking == [.notSupported("CustomizedSyncRules")])
        #expect(row.risks == ["lost-devices"] && row.unknown == 1)
        #expect(row.retired?.description == "2022-08-31")
    }

    @Test("Each row of the page leads to its server's report, and without reports nothing is linked")
    func links() throws {
        let summary = try Self.summary()
        let page = try ParsedPage(EligibilitySummaryHTML.render(summary, reports: try Self.reports()))
        let targets = page.elements.filter { $0.name == "a" && $0.parents.contains("table") }
        #expect(targets.map { $0.attributes["href"] } == (1...5).map { "#server-\($0)-server" })
        #expect(try ParsedPage(EligibilitySummaryHTML.render(summary)).named("a").isEmpty)
    }

    @Test("Nothing at all, and only inputs that could not be read, are said")
    func edges() throws {
        #expect(EligibilitySummaryText.render(EligibilitySummary(entries: [])) == "0 servers\n")
        let bad = EligibilitySummary(entries: [.unreadable(.init(input: "x", error: "gone", exitStatus: 66))])
        #expect(EligibilitySummaryText.render(bad) == "1 server: 1 NOT READ\n\nNot read\n  - x: gone\n")
        #expect(try ParsedPage(EligibilitySummaryHTML.render(bad)).text.contains("gone"))
    }
}
