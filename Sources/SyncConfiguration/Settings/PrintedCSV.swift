/// Reads `Export-Csv` and `ConvertTo-Csv`: one record per parameter, quoted or not, with any of the usual delimiters.
enum PrintedCSV {
    /// The first record, which names the columns.
    struct Header: Equatable {
        let delimiter: Unicode.Scalar
        let count: Int
        let name: Int
        let value: Int

        /// nil for a line that does not name both columns.
        init?(_ line: String) {
            for delimiter: Unicode.Scalar in [",", ";", "\t"] {
                var reader = RecordReader(line, delimiter)
                guard let record = try? reader.next(), record.fields.count > 1 else { continue }
                let labels = record.fields.map { $0.lowercased() }
                guard let name = labels.firstIndex(of: "name"), let value = labels.firstIndex(of: "value") else {
                    continue
                }
                self.delimiter = delimiter
                self.name = name
                self.value = value
                count = labels.count
                return
            }
            return nil
        }
    }

    static func read(_ lines: ArraySlice<PrintedText.Line>, _ header: Header) throws(PrintProblem) -> [PrintedEntry] {
        var reader = RecordReader(
            lines.map(\.text).joined(separator: "\n"), header.delimiter, line: lines.first?.number ?? 1)
        var entries: [PrintedEntry] = []
        while let record = try reader.next() {
            // A blank line, or the prompt after a pasted printout.
            if record.fields == [""] || record.fields.first?.hasPrefix("PS ") == true { continue }
            guard record.fields.count == header.count else {
                throw PrintProblem(
                    record.line, "expected \(header.count) fields as in the header, found \(record.fields.count)")
            }
            entries.append(
                PrintedEntry(name: record.fields[header.name], value: record.fields[header.value], line: record.line))
        }
        return entries
    }

    /// Takes a text apart into records. A quoted field may hold delimiters, line breaks and quotation marks (doubled).
    struct RecordReader {
        typealias Record = (fields: [String], line: Int)

        private var rest: Substring.UnicodeScalarView
        private let delimiter: Unicode.Scalar
        private var line: Int
        private var isAtEnd = false

        init(_ text: String, _ delimiter: Unicode.Scalar, line: Int = 1) {
            rest = text[...].unicodeScalars
            self.delimiter = delimiter
            self.line = line
        }

        mutating func next() throws(PrintProblem) -> Record? {
            if isAtEnd { return nil }
            let start = line
            var fields: [String] = []
            while true {
                fields.append(try field())
                guard let scalar = rest.popFirst() else {
                    isAtEnd = true
                    break
                }
                if scalar == "\n" {
                    line += 1
                    break
                }
            }
            return (fields, start)
        }

        /// Ends before a delimiter, which `next` takes, a line break or the end.
        private mutating func field() throws(PrintProblem) -> String {
            var text = String.UnicodeScalarView()
            guard rest.first == "\"" else {
                while let scalar = rest.first, scalar != delimiter, scalar != "\n" {
                    text.append(scalar)
                    rest.removeFirst()
                }
                return String(text)
            }
            let start = line
            rest.removeFirst()
            while let scalar = rest.popFirst() {
                if scalar == "\n" { line += 1 }
                guard scalar == "\"" else {
                    text.append(scalar)
                    continue
                }
                if rest.first != "\"" {
                    guard rest.first == nil || rest.first == delimiter || rest.first == "\n" else {
                        throw PrintProblem(line, "text after a closing quotation mark; expected a delimiter")
                    }
                    return String(text)
                }
                text.append(scalar)
                rest.removeFirst()
            }
            throw PrintProblem(start, "a quotation mark that is not closed")
        }
    }
}
