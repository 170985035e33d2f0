import Foundation
import TestSupport
import Testing

/// `check` through the real program: inputs, formats and exit statuses.
@Suite("Check")
struct CheckTests {
    private func check(_ arguments: [String]) throws -> ProgramResult {
        try run(builtProgram("aadc-upgrade"), ["check", "--on", "2026-09-24"] + arguments)
    }

    /// A folder with copies of the real export, each changed.
    private func withExports(_ changes: [String: (String) -> String], _ body: (URL) throws -> Void) throws {
        let export = try #require(realExport)
        try withTemporaryFolder { folder in
            for (name, change) in changes {
                let copy = folder.appending(path: name)
                try FileManager.default.copyItem(at: export, to: copy)
                let file = copy.appending(path: "GlobalSettings/MV.xml")
                try Data(change(try String(contentsOf: file, encoding: .utf8)).utf8).write(to: file)
            }
            try body(folder)
        }
    }

    private static func version(_ text: String) -> (String) -> String {
        { $0.replacingOccurrences(of: "1.1.130.0", with: text) }
    }

    @Test(
        "The real export is judged in three formats that say the same",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func formats() throws {
        let export = try #require(realExport).path
        let text = try check(["--export", export])
        let document = try check(["--export", export, "--format", "json"])
        let page = try check(["--export", export, "--format", "html"])
        #expect([text, document, page].allSatisfy { $0.status == 78 })
        #expect(document.document["code"] as? String == "UpgradeNotSupportedVersionBelowFloor")
        for words in ["1.1.130.0", "Suspended", "UpgradeNotSupportedVersionBelowFloor", "2.6.92.0", "1.1.750.0"] {
            #expect(text.output.contains(words), "\(words)")
            #expect(document.output.contains(words), "\(words)")
            #expect(page.output.contains(words), "\(words)")
        }
        #expect(text.output.hasPrefix("NOT SUPPORTED"))
        #expect(page.output.hasPrefix("<!DOCTYPE html>"))
    }

    @Test("A report can be written to a file, whole, with nothing on standard output")
    func output() throws {
        try withTemporaryFolder { folder in
            let settings = folder.appending(path: "settings.txt")
            try Data(
                """
                Name                                             Value
                ----                                             -----
                Microsoft.Synchronize.ServerConfigurationVersion 2.5.79.0
                Microsoft.OptionalFeature.AutoUpgradeState       Enabled

                """.utf8
            ).write(to: settings)
            let file = folder.appending(path: "report.html")
            let written = try check(["--settings", settings.path, "--format", "html", "--output", file.path])
            #expect(written.status == 0, "\(written.errors)")
            #expect(written.output.isEmpty)
            #expect(try String(contentsOf: file, encoding: .utf8).contains("CONDITIONAL"))
            let refused = try check(["--settings", settings.path, "--output", "\(folder.path)/none/report"])
            #expect(refused.status != 0)
            #expect(refused.errors.contains("none/report"), "\(refused.errors)")
        }
    }

    @Test(
        "A folder of exports is one table, a damaged one a line in it, and the worst decides",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func many() throws {
        try withExports(["old": { $0 }, "new": Self.version("2.6.3.0"), "torn": { String($0.prefix(3000)) }]) {
            folder in
            let table = try check(["--export", folder.path, "--format", "json"])
            #expect(table.status == 65, "\(table.errors)")
            let servers = try #require(table.document["servers"] as? [[String: Any]])
            #expect(servers.compactMap { $0["verdict"] as? String }.sorted() == ["notSupported", "upToDate"])
            let unreadable = try #require(table.document["unreadable"] as? [[String: Any]])
            #expect(unreadable.count == 1)
            #expect((unreadable.first?["error"] as? String)?.contains("torn/GlobalSettings/MV.xml") == true)
            let two = try check(["--export", "\(folder.path)/old", "--export", "\(folder.path)/new"])
            #expect(two.status == 78)
        }
    }

    @Test(
        "Two exports are compared: version, settings and rules",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func compare() throws {
        try withExports(["active": { $0 }, "staging": Self.version("2.6.3.0")]) { folder in
            let rules = folder.appending(path: "staging/SynchronizationRules")
            let rule = try #require(FileManager.default.contentsOfDirectory(atPath: rules.path).sorted().first)
            try FileManager.default.removeItem(at: rules.appending(path: rule))
            for format in ["text", "json", "html"] {
                let found = try check([
                    "--export", "\(folder.path)/active", "--compare", "\(folder.path)/staging", "--format", format,
                ])
                #expect(found.status == 0, "\(found.errors)")
                #expect(found.output.contains("1.1.130.0") && found.output.contains("2.6.3.0"), "\(format)")
            }
        }
    }

    @Test(
        "A day decides what is offered",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"),
        arguments: [("2025-09-03", "2.5.76.0"), ("2025-09-04", "2.5.79.0")])
    func day(_ day: String, _ version: String) throws {
        try withExports(["server": Self.version("2.4.131.0")]) { folder in
            let answer = try run(
                builtProgram("aadc-upgrade"),
                ["check", "--export", "\(folder.path)/server", "--format", "json", "--on", day])
            let candidate = answer.document["candidate"] as? [String: Any]
            #expect(candidate?["version"] as? String == version, "\(answer.output)")
        }
    }

    @Test(
        "What cannot be asked together ends with 64",
        arguments: [
            ["--export", "a", "--settings", "b"], ["--compare", "a"],
            ["--export", "a", "--export", "b", "--compare", "c"],
            ["--export", "a", "--root", "/x"], ["--export", "a", "--format", "pdf"],
        ])
    func usage(_ arguments: [String]) throws {
        #expect(try check(arguments).status == 64)
    }

    @Test("A risk that no release has cannot be accepted, and a day is a day")
    func strangers() throws {
        #expect(try run(builtProgram("aadc-upgrade"), ["check", "--on", "2026-13-01", "--export", "x"]).status == 64)
        let refused = try check(["--export", "x", "--accept-risk", "everything"])
        #expect(refused.status == 65)
        #expect(refused.errors.contains("everything"))
    }
}
