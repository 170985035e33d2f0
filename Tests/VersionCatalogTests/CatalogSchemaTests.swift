import Documents
import Foundation
import TestSupport
import Testing
import VersionCatalog

/// The files of `catalog/`, held against `docs/schemas/` by a validator that is not ours. That they hold as they are is
/// among the checks of `SchemaTests`.
struct CatalogSchemaTests {
    /// A mistake that a schema has to notice.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let file: String
        let from: String
        let to: String
        /// What the validator names.
        let words: String

        init(_ file: String, _ from: String, _ to: String, _ words: String) {
            self.file = file
            self.from = from
            self.to = to
            self.words = words
        }

        var testDescription: String { "\(file): \(to)" }
    }

    static let mistakes = [
        Mistake("releases.json", #""security": true"#, #""secure": true, "security": true"#, "'secure' was unexpected"),
        Mistake("releases.json", #"["download"]"#, #"["upload"]"#, "$.releases[0].channels[0]"),
        Mistake("releases.json", #""retiredBasis": "published","#, "", "'retiredBasis' is a dependency"),
        Mistake("risks.json", #""crossing""#, #""crosses""#, "'crosses' was unexpected"),
        Mistake("risks.json", #""fact""#, #""facts""#, "$.risks[0].appliesWhen"),
        Mistake("conditions.json", #""stage": "check""#, #""stage": "later""#, "$.conditions[0].stage"),
        Mistake("conditions.json", #""versionBelow": "1.1.750.0""#, #""versionBelow": "1.1.750""#, ".blocksWhen"),
        Mistake("advice.json", #""fact""#, #""facts""#, "$.advice[0].appliesWhen"),
        Mistake("advice.json", #""title""#, #""name""#, "$.advice[0]"),
    ]

    /// The status is 77 where Python's jsonschema is not installed.
    private static func check(_ document: URL) throws -> ProgramResult {
        let script = packageFolder.appending(path: "scripts/check-schemas.py").path
        let path = ProcessInfo.processInfo.environment["PATH"].map { ["PATH": $0] } ?? [:]
        return try run(URL(filePath: "/usr/bin/env"), ["python3", script, document.path], environment: path)
    }

    private static let isPossible =
        (try? check(packageFolder.appending(path: "catalog/advice.json")).status).map { $0 != 77 } ?? false

    @Test(
        "A mistake in a file of the catalog is refused by its schema and by its reader",
        .enabled(if: isPossible, "Python's jsonschema is not installed: pip install jsonschema"), arguments: mistakes)
    func refusal(_ mistake: Mistake) throws {
        let text = try String(contentsOf: packageFolder.appending(path: "catalog/\(mistake.file)"), encoding: .utf8)
        let wrong = try planted(mistake.from, mistake.to, in: text)
        try withTemporaryFolder { folder in
            let file = folder.appending(path: mistake.file)
            try Data(wrong.utf8).write(to: file)
            let result = try Self.check(file)
            #expect(result.status == 1, "\(result.output)\(result.errors)")
            #expect(result.errors.contains(mistake.words), "\(result.errors)")
        }
        #expect(throws: DocumentError.self) {
            let bytes = Array(wrong.utf8)
            switch mistake.file {
            case "releases.json": _ = try ReleaseHistory(bytes: bytes, file: mistake.file)
            case "risks.json": _ = try RiskCatalog(bytes: bytes, file: mistake.file)
            case "conditions.json": _ = try ConditionCatalog(bytes: bytes, file: mistake.file)
            default: _ = try AdviceCatalog(bytes: bytes, file: mistake.file)
            }
        }
    }
}
