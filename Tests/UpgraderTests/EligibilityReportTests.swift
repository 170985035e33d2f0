import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct EligibilityReportTests {
    @Test("The text of each verdict is as recorded", arguments: ReportSamples.verdicts)
    func text(_ verdict: String) throws {
        let report = try ReportSamples().report(verdict)
        #expect(report.verdict.name == verdict)
        let text = EligibilityText.render(report)
        #expect(goldenDifference("eligibility-\(verdict).txt", text) == nil)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 && $0.last != " " })
    }

    @Test("The document of each verdict is as recorded", arguments: ReportSamples.verdicts)
    func document(_ verdict: String) throws {
        let json = try ReportSamples().report(verdict).json
        #expect(goldenDifference("eligibility-\(verdict).json", String(decoding: json.pretty, as: UTF8.self)) == nil)
    }

    @Test("The page of each verdict is as recorded", arguments: ReportSamples.verdicts)
    func page(_ verdict: String) throws {
        let page = EligibilityHTML.render(try ReportSamples().report(verdict))
        #expect(goldenDifference("eligibility-\(verdict).html", page) == nil)
    }

    @Test("Lines stay within a narrow terminal, wide characters counted twice", arguments: [40, 60, 100, 200])
    func width(_ width: Int) throws {
        let samples = ReportSamples { $0.replacingOccurrences(of: "Known issue", with: "既知の問題 問題 問題") }
        for verdict in ReportSamples.verdicts {
            let text = EligibilityText.render(try samples.report(verdict), width: width)
            for line in text.split(separator: "\n") where TextBlock.columns(line) > width {
                // A single word may be longer than a narrow line.
                #expect(line.split(separator: " ").count <= 5 && line.contains { $0.isLetter }, "\(line)")
                #expect(TextBlock.columns(line) - width < 50, "\(line)")
            }
        }
        #expect(TextBlock.columns("問題 e\u{301}") == 6)
    }

    @Test("Rules that are the product's, and rules that are not known, are two answers")
    func rules() throws {
        var report = try ReportSamples().report("eligible")
        for (changes, words) in [(nil, "does not tell what was done"), ([], "are those of the product")]
            as [([RuleChange]?, String)]
        {
            report.facts.ruleChanges = changes
            #expect(EligibilityText.render(report).contains(words))
            #expect(EligibilityHTML.render(report).contains(words))
            #expect((report.json["ruleChanges"] == nil) == (changes == nil))
        }
    }

    @Test("What somebody wrote into a name cannot steer the terminal")
    func controlCharacters() throws {
        var facts = EligibilityFacts.live()
        facts.actualName = "sync\u{1B}[31m01\u{202E}\u{7}\u{9B}"
        let text = EligibilityText.render(try EligibilityFacts.evaluate(facts))
        #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 32 || (127..<160).contains($0.value)) })
        #expect(!text.contains("\u{202E}"))
        #expect(text.contains("sync"))
    }

    @Test(
        "The real export is judged: too old, suspended, and what to do",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func realServer() throws {
        let folder = try #require(realExport)
        let report = try CheckReport(EligibilityQuestion(today: EligibilityFacts.today)).forExport(folder.path)
        #expect(report.facts.version == ProductVersion(1, 1, 130, 0))
        #expect(report.facts.autoUpgradeState == .suspended)
        #expect(report.verdict == .notSupported(.notSupported("VersionBelowFloor")))
        #expect(report.failures.map(\.code) == [.notSupported("VersionBelowFloor")])
        #expect(report.decision?.candidate?.version == ProductVersion(2, 6, 3, 0))
        let words = EligibilityText.render(report).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for expected in [
            "NOT SUPPORTED", "1.1.130.0", "Suspended", "Below 1.1.750.0", "setting Enabled does not cure it",
            "attended upgrade to the newest release", "2.6.92.0", "no custom rules",
        ] {
            #expect(words.contains(expected), "\(expected)")
        }
    }
}
