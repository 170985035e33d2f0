import Documents
import LinuxHost

/// The journal of one attempt: what was intended and what came of it, each record on disk before its effect.
public struct Journal: ~Copyable {
    public static let fileName = "events.jsonl"

    private let log: DurableLog
    private let clock: any Clock
    private let process: ProcessIdentity
    public private(set) var records: [JournalRecord]

    /// Opens or creates the journal in an attempt's folder.
    ///
    /// A torn last line is what a crash leaves and is passed over. Other damage sets the whole file aside, under a name
    /// that says so, with the readable records carried over into a new file.
    public static func open(folder: String, clock: any Clock) throws -> Journal {
        let path = "\(folder)/\(fileName)"
        let reading = try read(path)
        let kept = reading.records.flatMap { $0.line + [UInt8(ascii: "\n")] }
        if reading.damage != nil {
            try DurableFiles.rename(path, "\(path).damaged-\(clock.now().milliseconds)")
            try DurableFiles.replace(path, kept)
        } else if reading.isTorn {
            // The torn line goes: it was never reported as written, and two records on a line would look like damage.
            try DurableFiles.replace(path, kept)
        }
        var journal = Journal(
            log: try DurableLog(path: path), clock: clock, process: try ProcessIdentity.current(),
            records: reading.records)
        if let damage = reading.damage {
            try journal.append(.noted("the journal was damaged and has been set aside: \(damage)"))
        }
        return journal
    }

    private init(log: consuming DurableLog, clock: any Clock, process: ProcessIdentity, records: [JournalRecord]) {
        self.log = log
        self.clock = clock
        self.process = process
        self.records = records
    }

    public mutating func append(_ event: JournalRecord.Event, _ detail: [String: JSONValue] = [:]) throws {
        let record = JournalRecord(
            index: (records.last?.index ?? -1) + 1, time: clock.now(), process: process, event: event, detail: detail)
        try log.append(record.line)
        records.append(record)
    }

    public struct Reading: Sendable {
        public var records: [JournalRecord] = []
        /// The last line has no end, or is no record: a crash while writing.
        public var isTorn = false
        /// A line before the last is no record.
        public var damage: String?
    }

    /// Reads a journal without opening it for writing; an empty reading where there is none.
    public static func read(_ path: String) throws(HostError) -> Reading {
        var reading = Reading()
        guard let bytes = try DurableFiles.read(path) else { return reading }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        let endsWithNewline = lines.last?.isEmpty ?? true
        if endsWithNewline, !lines.isEmpty { lines.removeLast() }
        for (position, line) in lines.enumerated() {
            let isLast = position == lines.count - 1
            do throws(DocumentError) {
                let record = try JournalRecord(line: line, file: path, number: position + 1)
                if isLast, !endsWithNewline {
                    reading.isTorn = true
                } else if record.index != (reading.records.last?.index ?? -1) + 1 {
                    // A whole record in the wrong place is no torn write, not even at the end.
                    reading.damage = "\(path): line \(position + 1): record \(record.index) is out of order"
                    return reading
                } else {
                    reading.records.append(record)
                }
            } catch {
                if isLast {
                    reading.isTorn = true
                } else {
                    reading.damage = error.description
                    return reading
                }
            }
        }
        return reading
    }
}
