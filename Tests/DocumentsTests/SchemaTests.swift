import Foundation
import TestSupport
import Testing

/// The JSON Schemas in `docs/schemas/`, held against the recorded documents by a validator that is not ours.
struct SchemaTests {
    /// Without documents, everything in the package. The caller's Python, which may be the only one with that package.
    private static func check(_ documents: [String] = []) throws -> ProgramResult {
        let script = packageFolder.appending(path: "scripts/check-schemas.py").path
        let path = ProcessInfo.processInfo.environment["PATH"].map { ["PATH": $0] } ?? [:]
        return try run(URL(filePath: "/usr/bin/env"), ["python3", script] + documents, environment: path)
    }

    /// Ran once: for the condition and for the first test.
    private static let outcome = Result<ProgramResult, any Error> { try check() }
    private static var isPossible: Bool { (try? outcome.get().status) != 77 }

    @Test(
        "Every recorded document keeps to its schema, and none does without a required member",
        .enabled(if: isPossible, "Python's jsonschema is not installed: pip install jsonschema"))
    func everything() throws {
        let result = try Self.outcome.get()
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test(
        "A document that lacks a member is refused, and the member named",
        .enabled(if: isPossible, "Python's jsonschema is not installed: pip install jsonschema"))
    func refusal() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "trial.json")
            try Data(#"{"attempt":"a","schema":"trial/1"}"#.utf8).write(to: file)
            let result = try Self.check([file.path])
            #expect(result.status == 1, "\(result.output)\(result.errors)")
            #expect(result.errors.contains("'since' is a required property"), "\(result.errors)")
        }
    }
}
