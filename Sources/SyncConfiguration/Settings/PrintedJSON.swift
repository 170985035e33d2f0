import Documents

/// Reads `ConvertTo-Json`: a list of objects with Name and Value, or the settings that hold one.
enum PrintedJSON {
    /// Whether a document begins here. A prompt of another machine begins with a bracket, too.
    static func begins(_ text: String) -> Bool {
        if text.hasPrefix("{") { return true }
        guard text.hasPrefix("[") else { return false }
        let next = text.dropFirst().first { $0 != " " }
        return next == nil || next == "{" || next == "]" || next == "\""
    }

    static func read(_ lines: ArraySlice<PrintedText.Line>) throws(PrintProblem) -> [PrintedEntry] {
        let first = lines.first?.number ?? 1
        // A prompt may follow a pasted document.
        let end = lines.lastIndex { $0.text.hasSuffix("]") || $0.text.hasSuffix("}") } ?? lines.endIndex - 1
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(lines[...end].map(\.text).joined(separator: "\n"))
        } catch {
            throw PrintProblem(first + error.line - 1, "not JSON as ConvertTo-Json writes it: \(error.problem)")
        }
        guard let list = list(value) else {
            throw PrintProblem(first, "expected a list of objects with Name and Value")
        }
        // The document's tree does not know the lines of its parts.
        var entries: [PrintedEntry] = []
        for (index, element) in list.enumerated() {
            guard let name = element["Name"]?.string, let value = element["Value"].flatMap(text) else {
                throw PrintProblem(
                    first,
                    "element \(index + 1) of the list: expected Name and Value with a text "
                        + "(ConvertTo-Json -Depth 4 keeps them)"
                )
            }
            entries.append(PrintedEntry(name: name, value: value, line: first))
        }
        return entries
    }

    /// The list itself, one element alone, the settings around it, or the wrapping that Windows PowerShell gives some
    /// lists.
    private static func list(_ value: JSONValue) -> [JSONValue]? {
        if let list = value.array { return list }
        if value["Name"] != nil { return [value] }
        for key in ["Parameters", "value"] {
            if let list = value[key].flatMap(list) { return list }
        }
        return nil
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: ""
        case .string(let text): text
        case .bool(let flag): flag ? "True" : "False"
        case .integer(let number): String(number)
        default: nil
        }
    }
}
