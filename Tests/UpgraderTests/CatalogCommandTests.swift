import Foundation
import TestSupport
import Testing

/// Runs `aadc-upgrade catalog` for real.
struct CatalogCommandTests {
    private func catalog(_ words: String...) throws -> ProgramResult {
        try run(builtProgram("aadc-upgrade"), ["catalog"] + words)
    }

    @Test("Each question is answered as text and as a document of its schema")
    func answers() throws {
        let questions: [([String], String, String)] = [
            (["list"], "catalog-list/1", "2.6.3.0"), (["show", "2.6.3.0"], "catalog-release/1", "2026-03-11"),
            (["path", "1.1.130.0"], "catalog-path/1", "1.1.130.0 -> 2.6.3.0"),
            (["timeline", "2.5.3.0"], "catalog-timeline/1", "2.5.3.0: its support ended on 2026-07-31"),
        ]
        for (words, schema, text) in questions {
            let question = ["catalog"] + words + ["--on", "2026-10-01"]
            let told = try run(builtProgram("aadc-upgrade"), question)
            #expect(told.status == 0, "\(told.errors)")
            #expect(told.output.contains(text), "\(told.output)")
            let document = try run(builtProgram("aadc-upgrade"), question + ["--format", "json"])
            #expect(document.document["schema"] as? String == schema)
            #expect(document.document["on"] as? String == "2026-10-01")
            #expect(document.errors.isEmpty)
        }
    }

    @Test("Without a day, today is asked about")
    func today() throws {
        let before = ISO8601DateFormatter().string(from: Date()).prefix(10)
        let day = try catalog("list", "--format", "json").document["on"] as? String
        let after = ISO8601DateFormatter().string(from: Date()).prefix(10)
        #expect(day.map { [String(before), String(after)].contains($0) } == true)
    }

    @Test(
        "A question that cannot be answered ends in a clear error and the documented status",
        arguments: [
            ("show newest", 64, "expected four numbers like 2.6.3.0"), ("show 2.6.90.0", 66, "2.6.84.0 and 2.6.91.0"),
            ("path 2.6.3.0 2.6.1.0", 64, "only go forwards"), ("path 2.6", 64, "expected four numbers like 2.6.3.0"),
            ("path 2.6.3.0 2.6.2.0", 66, "has no 2.6.2.0"),
            ("list --channel early", 66, "download, auto-upgrade, select-tenants"),
            ("list --on 2026-02", 64, "a day like 2026-02-09"), ("list --on 2026-02-30", 64, "a day like 2026-02-09"),
            ("timeline x", 64, "expected four numbers like 2.6.3.0"), ("list --format html", 64, "html"),
        ])
    func mistakes(_ words: String, _ status: Int, _ text: String) throws {
        let result = try run(builtProgram("aadc-upgrade"), ["catalog"] + words.split(separator: " ").map(String.init))
        #expect(result.status == status)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(text), "\(result.errors)")
        #expect(!result.errors.contains("0x"))
    }
}
