import Documents

/// The list of pending exports of a server, each with what is known of earlier attempts.
public struct PendingExportList {
    public struct Entry: Sendable {
        public let export: ReportedExport
        public let attempts: Int
        /// How the last attempt failed; empty where none did.
        public let error: String

        public init(export: ReportedExport, attempts: Int, error: String) {
            self.export = export
            self.attempts = attempts
            self.error = error
        }
    }

    private let entries: any Sequence<Entry>

    public init(_ entries: some Sequence<Entry>) { self.entries = entries }

    /// Writes the list line by line.
    public func write(_ format: EvaluationReport.Format, _ line: (String) throws -> Void) rethrows {
        switch format {
        case .json: try writeJSON(line)
        case .text: try writeText(line)
        case .csv: try writeCSV(line)
        }
    }

    private func writeJSON(_ line: (String) throws -> Void) rethrows {
        try line("{\"schema\":\"pending-exports/1\",\"pending\":[")
        var separator = ""
        for entry in entries {
            var members = entry.export.members
            members["attempts"] = JSONValue(entry.attempts)
            members["error"] = .string(entry.error)
            try line(separator + JSONValue.object(members).line)
            separator = ","
        }
        try line("]}")
    }

    private func writeText(_ line: (String) throws -> Void) rethrows {
        var isEmpty = true
        for entry in entries {
            for text in entry.export.lines { try line(text) }
            if !entry.error.isEmpty { try line("    failed, attempts \(entry.attempts): \(entry.error)") }
            isEmpty = false
        }
        if isEmpty { try line("nothing is pending") }
    }

    private func writeCSV(_ line: (String) throws -> Void) rethrows {
        try line(ReportedExport.csvHeader + ",attempts,error")
        for entry in entries {
            let end = CSV.line([String(entry.attempts), entry.error])
            for text in entry.export.csv { try line("\(text),\(end)") }
        }
    }
}
