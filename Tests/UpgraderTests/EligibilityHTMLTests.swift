import Foundation
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct EligibilityHTMLTests {
    /// What somebody could write into a name: markup, ends of attributes and comments, controls, overrides of the writing
    /// direction, and a word without an end.
    static let hostile =
        "</td></title></style><script>alert(1)</script><img src=x onerror=y>\"'`&amp;&#60;<!-- ]]> {%\u{1B}[31m\u{0}\u{9B}"
        + "\u{202E}\u{2066}\u{FFFE}" + String(repeating: "W", count: 400)

    private func pages(_ samples: ReportSamples) throws -> [String] {
        var reports: [EligibilityReport] = []
        for verdict in ReportSamples.verdicts { reports.append(try samples.report(verdict)) }
        let rows = reports.map { EligibilitySummary.Row($0, input: samples.write("exports/one")) }
        let summary = EligibilitySummary(
            entries: rows.map { .server($0) } + [
                .unreadable(.init(input: samples.write("exports/bad"), error: samples.write("no"), exitStatus: 65))
            ])
        return reports.map { EligibilityHTML.render($0) } + [EligibilitySummaryHTML.render(summary, reports: reports)]
    }

    @Test("What stands in data stays text: a page with hostile values has the same elements as one with plain values")
    func hostileValues() throws {
        let plain = try pages(ReportSamples()).map(ParsedPage.init)
        let hostile = try pages(ReportSamples { $0 + Self.hostile }).map(ParsedPage.init)
        for (plain, hostile) in zip(plain, hostile) {
            // Marks of changed words depend on the words.
            let shape = { (page: ParsedPage) in
                page.elements.filter { !["ins", "del"].contains($0.name) }.map { element in
                    "\(element.parents.count) \(element.name) \(element.attributes.keys.sorted())"
                }
            }
            #expect(shape(plain) == shape(hostile))
            #expect(hostile.text.contains("<script>alert(1)</script><img src=x onerror=y>\"'`&amp;&#60;<!-- ]]>"))
            for element in hostile.elements {
                for value in element.attributes.values { #expect(!value.contains("alert"), "\(element.name)") }
            }
        }
    }

    @Test("No control character and no override of the writing direction comes into a page or a terminal")
    func controls() throws {
        let samples = ReportSamples { $0 + Self.hostile + "\n\t\r\u{2028}" }
        var outputs = try pages(samples)
        for verdict in ReportSamples.verdicts { outputs.append(EligibilityText.render(try samples.report(verdict))) }
        for output in outputs {
            for scalar in output.unicodeScalars where scalar != "\n" && scalar != "\t" {
                #expect(scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl)
            }
        }
    }

    @Test("Every text of a report is in its page, save what has nothing to say", arguments: ReportSamples.verdicts)
    func completeness(_ verdict: String) throws {
        final class Written { var texts: [String] = [] }
        let written = Written()
        let samples = ReportSamples { text in
            written.texts.append(text + "·\(written.texts.count)·")
            return written.texts.last ?? ""
        }
        let report = try samples.report(verdict)
        let page = try ParsedPage(EligibilityHTML.render(report)).text
        var unsaid = report.advice.filter { $0.outcome == .clear }.flatMap { [$0.title, $0.evidence, $0.explanation] }
        unsaid += report.advice.filter { $0.outcome == .unknown }.flatMap { [$0.explanation, $0.remedy ?? ""] }
        let decisions = [report.decision, report.attended].compactMap { $0 }
        for risk in decisions.flatMap(\.risks) where risk.outcome == .clear {
            unsaid += [risk.risk.title, risk.risk.consequence, risk.risk.remedy, risk.risk.source, risk.evidence]
        }
        unsaid += decisions.compactMap(\.candidate).flatMap(\.channels)
        // The actual name is said, and the rules' attributes where the administrator made them.
        if report.facts.actualName != nil { unsaid.append(report.facts.recordedName ?? "") }
        let ownKinds: [RuleChange.Kind] = [.added, .cloned]
        for change in report.ruleChanges ?? [] where !ownKinds.contains(change.kind) { unsaid += change.attributes }
        for result in report.conditions {
            if result.outcome != .fail { unsaid.append(result.condition.explanation) }
            if result.remedy == nil { unsaid += Array(result.condition.remedies.values) }
        }
        #expect(written.texts.count > 5)
        for text in written.texts where !unsaid.contains(text) { #expect(page.contains(text), "\(text)") }
    }

    @Test("A page needs nothing else and forbids it: no script, no link to outside, no style from data")
    func selfContained() throws {
        for source in try pages(ReportSamples()) {
            let page = try ParsedPage(source)
            let names = Set(page.elements.map(\.name))
            #expect(names.isDisjoint(with: ["script", "link", "img", "iframe", "object", "embed", "form", "base"]))
            for element in page.elements {
                #expect(Set(element.attributes.keys).isDisjoint(with: ["style", "src", "srcset", "xlink:href"]))
                #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
                if let target = element.attributes["href"] { #expect(target.hasPrefix("#")) }
            }
            let policy = page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
            #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
            #expect(!ReportStyle.sheet.contains("url") && !ReportStyle.sheet.contains("@import"))
            // The style sheet is written like any text; a character that is spelt out would change it.
            #expect(Markup.escaped(ReportStyle.sheet) == ReportStyle.sheet)
        }
    }

    @Test("Headings go down one level at a time, identifiers are unique, links and labels have their targets")
    func accessibility() throws {
        for source in try pages(ReportSamples()) {
            let page = try ParsedPage(source)
            let levels = page.elements.compactMap { element in
                element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
            }
            #expect(levels.first == 1)
            #expect(levels.count { $0 == 1 } == 1)
            for (above, level) in zip(levels, levels.dropFirst()) { #expect(level <= above + 1) }
            let identifiers = page.elements.compactMap { $0.attributes["id"] }
            #expect(Set(identifiers).count == identifiers.count)
            for element in page.elements {
                if let target = element.attributes["href"] { #expect(identifiers.contains(String(target.dropFirst()))) }
                for label in (element.attributes["aria-labelledby"] ?? "").split(separator: " ") {
                    #expect(identifiers.contains(String(label)))
                }
                if element.name == "th" { #expect(element.attributes["scope"] != nil) }
                if element.name == "svg" {
                    #expect(element.attributes["aria-hidden"] == "true" || element.attributes["aria-labelledby"] != nil)
                }
            }
            for table in page.elements.indices where page.elements[table].name == "table" {
                #expect(page.elements[table + 1].name == "caption")
            }
            #expect(page.named("html").first?.attributes["lang"] == "en")
        }
    }

    @Test("The verdict comes first, then what blocks, then the rest")
    func order() throws {
        let page = try ParsedPage(EligibilityHTML.render(try ReportSamples().report("notSupported")))
        let titles = page.named("h2").map(\.text)
        #expect(page.named("h1").first?.text.contains("NOT SUPPORTED: SYNC02") == true)
        #expect(
            titles == [
                "What blocks", "The candidate 2.5.0.0", "An attended upgrade would go to 3.1.0.0", "Rule changes",
                "Version timeline", "What the upgrade brings", "Advice that blocks nothing", "Then and now",
                "To know", "Conditions", "Releases that were passed over",
            ])
        let rules = page.elements.filter { $0.name == "h3" && $0.text.contains("Out to cloud") }
        #expect(rules.count == 1)
        let first = page.elements.first { $0.name == "article" && $0.attributes["class"] == "rule" }
        #expect(first?.text.contains("Out to cloud") == true)
    }
}
