import Foundation

/// The cloud directory of an adsync server, read from outside: what it was told, and what it has.
extension AdsyncServer {
    /// One line of the directory's log.
    public struct CloudOperation: Sendable {
        public let sequence: Int
        public let time: Date
        public let operation: String
        public let objectType: String
        public let dn: String
        public let attributes: [String]
        public let result: String
    }

    /// Every operation so far, oldest first.
    public func cloudOperations() throws -> [CloudOperation] {
        let log = cloud.appending(path: "operations.jsonl")
        guard FileManager.default.fileExists(atPath: log.path) else { return [] }
        return try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map { line in
            guard let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let sequence = fields["sequence"] as? Int, let time = fields["time"] as? String,
                let instant = moment(time), let operation = fields["operation"] as? String,
                let type = fields["objectType"] as? String, let dn = fields["dn"] as? String,
                let result = fields["result"] as? String
            else { throw HarnessError("a line of the cloud's log is none: \(line)") }
            return CloudOperation(
                sequence: sequence, time: instant, operation: operation, objectType: type, dn: dn,
                attributes: fields["attributes"] as? [String] ?? [], result: result)
        }
    }

    /// The objects of the directory: each one's name with its type and attributes, as canonical JSON.
    public func cloudObjects() throws -> [String: String] {
        let objects = try query(
            cloud.appending(path: "cloud.db"), "SELECT dn, type || ' ' || attributes FROM objects")
        return Dictionary(objects.map { ($0[0], $0[1]) }) { first, _ in first }
    }

    /// Reads a SQLite database that others may have open, with Python's own library; every column as text.
    public func query(_ database: URL, _ statement: String) throws -> [[String]] {
        let script = """
            import json, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], timeout=30)
            rows = database.execute(sys.argv[2]).fetchall()
            database.commit()
            print(json.dumps([["" if value is None else str(value) for value in row] for row in rows]))
            """
        let answer = try run(URL(filePath: "/usr/bin/python3"), ["-c", script, database.path, statement])
        guard answer.status == 0,
            let rows = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String]]
        else { throw HarnessError("\(database.path): \(answer.errors)") }
        return rows
    }

    /// Lets the directory take so many operations in each window of so many seconds.
    public func throttle(operations: Int, windowSeconds: Int) throws {
        let document = #"{"schema":"cloud-store/1","operations":\#(operations),"windowSeconds":\#(windowSeconds)}"#
        try Data(document.utf8).write(to: cloud.appending(path: "cloud.json"), options: .atomic)
    }

    /// When the last attempt's journal has a record of this kind for a state.
    public func time(_ kind: String, _ state: String) -> Date? {
        journal().last { $0["kind"] as? String == kind && $0["state"] as? String == state }
            .flatMap { $0["time"] as? String }.flatMap(moment)
    }
}

/// A time in RFC 3339, with or without fractions of a second.
private func moment(_ text: String) -> Date? {
    (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        ?? (try? Date(text, strategy: .iso8601))
}
