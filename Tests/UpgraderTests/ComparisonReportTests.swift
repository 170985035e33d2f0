import Foundation
import TestSupport
import Testing

@testable import SyncConfiguration
@testable import Upgrader

struct ComparisonReportTests {
    typealias Row = ServerComparison.Row

    static func comparison(_ write: (String) -> String = { $0 }) -> ServerComparison {
        ServerComparison(
            left: .init(serverName: write("SYNC01"), exportDate: write("2021-05-06 07:08:09"), version: "2.0.0.0"),
            right: .init(serverName: write("SYNC02"), exportDate: write("2021-05-07 08:09:10"), version: nil),
            sections: [
                .init(.version, [Row("version", "2.0.0.0", nil)]),
                .init(
                    .settings,
                    [Row(write("Example.Feature"), "True", ""), Row(write("Example.Other"), nil, write("1"))]),
                .init(.connectors, []),
                .init(
                    .rules, note: write("Own rules are compared by name."),
                    [
                        Row(
                            of: write("In from AD - User <Join>"), write("flow displayName"),
                            write("Trim([displayName])"), write("Trim([title])")),
                        Row(of: write("In from AD - User <Join>"), write("precedence"), "90", "91"),
                        Row(of: write("Own rule"), write("rule"), nil, write("inbound")),
                    ]),
                .init(.own, counts: false, [Row(write("Example.NextStart"), write("a"), write("b"))]),
            ])
    }

    static func alike() -> ServerComparison {
        let side = ServerComparison.Side(serverName: "SYNC01", exportDate: "", version: "2.0.0.0")
        return ServerComparison(left: side, right: side, sections: [.init(.version, [])])
    }

    @Test("Two servers that differ are as recorded, as text and as a page")
    func recorded() {
        #expect(goldenDifference("comparison-different.txt", ComparisonText.render(Self.comparison())) == nil)
        #expect(goldenDifference("comparison-different.html", ComparisonHTML.render(Self.comparison())) == nil)
    }

    @Test("Two servers that are alike say so, and have no empty sections")
    func sameServers() throws {
        let text = ComparisonText.render(Self.alike())
        #expect(text.hasPrefix("ALIKE: "))
        #expect(!text.contains("Version\n"))
        let page = try ParsedPage(ComparisonHTML.render(Self.alike()))
        #expect(page.text.contains("ALIKE"))
        #expect(page.named("table").isEmpty && page.named("nav").isEmpty)
    }

    @Test("Every value stands on the page as text, whatever it contains")
    func hostile() throws {
        let plain = try ParsedPage(ComparisonHTML.render(Self.comparison()))
        let page = try ParsedPage(ComparisonHTML.render(Self.comparison { $0 + EligibilityHTMLTests.hostile }))
        let names = { (page: ParsedPage) in page.elements.map(\.name).filter { !["ins", "del"].contains($0) } }
        #expect(names(plain) == names(page))
        for section in Self.comparison().sections {
            for row in section.rows {
                for text in [row.of, row.what, row.left, row.right].compactMap({ $0 }) where !text.isEmpty {
                    #expect(page.text.contains(text), "\(text)")
                }
            }
        }
        let text = ComparisonText.render(Self.comparison { $0 + EligibilityHTMLTests.hostile })
        #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        #expect(!text.unicodeScalars.contains { $0.properties.isBidiControl })
    }
}
