import Documents
import Foundation
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

/// The pages in a real browser: what a parser cannot see.
struct EligibilityBrowserTests {
    static func installed(_ program: String) -> URL? {
        ["/usr/bin/", "/usr/local/bin/"].map { URL(filePath: $0 + program) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
    static let browser = installed("chromium")
    static let printed = installed("pdftotext")

    private func browse(_ arguments: [String], in folder: URL) throws -> ProgramResult {
        let browser = try #require(Self.browser)
        let common = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--user-data-dir=\(folder.appending(path: "profile").path)",
        ]
        let home = ["HOME": folder.path, "XDG_CACHE_HOME": folder.path, "XDG_CONFIG_HOME": folder.path]
        return try run(browser, common + arguments, environment: home, limitSeconds: 60)
    }

    /// A long report: every section, the real history's picture, and words without an end.
    private func longReport() throws -> EligibilityReport {
        var report = try ReportSamples {
            $0.replacingOccurrences(of: "example", with: String(repeating: "W", count: 300))
        }
        .report("notSupported")
        let history = try BuiltInCatalog.releases()
        let oldest = try #require(history.releases.last?.version)
        report.timeline = try TimelineLayoutTests.timeline(history, installed: oldest, today: "2026-11-21")
        for _ in 0..<4 { report.conditions += report.conditions }
        return report
    }

    @Test(
        "On a telephone and on a desktop nothing is wider than the window, and the measure finds a page that is",
        .enabled(if: browser != nil, "chromium is not installed"))
    func width() throws {
        try withTemporaryFolder { folder in
            let report = try longReport()
            let summary = EligibilitySummary(entries: [.server(.init(report, input: "exports/one"))])
            let pages = [
                "report": EligibilityHTML.render(report),
                "summary": EligibilitySummaryHTML.render(summary, reports: [report]),
                "comparison": ComparisonHTML.render(
                    ComparisonReportTests.comparison { $0 + String(repeating: "W", count: 300) }),
                "wide": ReportPage.page(
                    title: "wide", header: [],
                    main: [
                        Markup("svg", [.init("width", "1300"), .init("height", "10")], "wide")
                    ], footer: []),
            ]
            var frames = ""
            for (name, page) in pages {
                try Data(page.utf8).write(to: folder.appending(path: name + ".html"))
                for width in [360, 1200] {
                    frames += "<iframe id='\(name)-\(width)' src='\(name).html' width='\(width)' height='800'></iframe>"
                }
            }
            // The frames are read by the page around them; the pages themselves run nothing.
            let script = """
                addEventListener('load', () => {
                  document.body.innerHTML = [...document.querySelectorAll('iframe')].map(frame => {
                    const root = frame.contentDocument.documentElement;
                    return `${frame.id}=${root.scrollWidth - root.clientWidth};`;
                  }).join(' ');
                });
                """
            let measure = "<!DOCTYPE html><body>\(frames)<script>\(script)</script></body>"
            let file = folder.appending(path: "measure.html")
            try Data(measure.utf8).write(to: file)
            let result = try browse(["--allow-file-access-from-files", "--dump-dom", file.absoluteString], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            for name in [
                "report-360", "report-1200", "summary-360", "summary-1200", "comparison-360", "comparison-1200",
            ] {
                #expect(result.output.contains("\(name)=0;"), "\(result.output.suffix(300))")
            }
            #expect(!result.output.contains("wide-360=0;") && result.output.contains("wide-360="))
            #expect(!result.output.contains("wide-1200=0;") && result.output.contains("wide-1200="))
        }
    }

    @Test(
        "On paper a long report takes several pages, each with the table's heads, and nothing of it is lost",
        .enabled(if: browser != nil && printed != nil, "chromium or pdftotext is not installed"))
    func paper() throws {
        try withTemporaryFolder { folder in
            let page = folder.appending(path: "report.html")
            try Data(EligibilityHTML.render(try longReport()).utf8).write(to: page)
            let paper = folder.appending(path: "report.pdf")
            let result = try browse(
                ["--print-to-pdf=\(paper.path)", "--no-pdf-header-footer", page.absoluteString], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let program = try #require(Self.printed)
            let text = try run(program, ["-layout", paper.path, "-"]).output
            let pages = text.split(separator: "\u{0C}", omittingEmptySubsequences: true)
            #expect((4...12).contains(pages.count), "\(pages.count) pages")
            #expect(pages.first?.contains("NOT SUPPORTED: SYNC02") == true)
            for words in ["What blocks", "Conditions", "Releases that were passed over", "by hand", "today"] {
                #expect(text.contains(words), "\(words)")
            }
            // The table of conditions is longer than a page.
            #expect(pages.count { $0.contains("Evidence") } >= 2)
            // Contents and the folded table are for screens.
            #expect(!text.contains("The releases as a table"))
        }
    }
}
