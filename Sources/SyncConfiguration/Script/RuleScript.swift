/// The PowerShell script that the rules editor exports for a rule, and in which documents hand rules from server to server.
///
/// A script is read, never run: the commands that make a rule are understood, everything else is an error with its place.
public enum RuleScript {
    /// Reads the rules that a script adds, in its order.
    ///
    /// A script holds no version and no internal identifier of a rule: the version is 1, the internal identifier the rule's own.
    ///
    /// - Parameters:
    ///   - text: The script.
    ///   - file: Named in errors.
    public static func read(text: String, file: String) throws(ExportError) -> [SynchronizationRule] {
        do throws(ScriptProblem) {
            var session = ScriptSession()
            for statement in try ScriptParser.statements(of: text) { try session.run(statement) }
            return try session.finish()
        } catch {
            throw ExportError(
                .badInput, path: file, line: error.place.line, column: error.place.column, problem: error.problem,
                remedy: "export the rule again with the rules editor, or correct the script at this place")
        }
    }
}
