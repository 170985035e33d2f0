import Documents
import Foundation
import LinuxHost
import TestSupport
import Testing

@testable import Upgrader

struct JournalTests {
    private let clock = TestClock()

    private func withJournal(_ body: (_ folder: String, _ path: String) throws -> Void) throws {
        try withTemporaryFolder { try body($0.path, "\($0.path)/\(Journal.fileName)") }
    }

    /// A journal of four records; returns its lines.
    private func fill(_ folder: String) throws -> [[UInt8]] {
        var journal = try Journal.open(folder: folder, clock: clock)
        try journal.append(.entered(.planning))
        clock.advance(seconds: 1)
        try journal.append(.ended(.planning, .done, reason: nil), ["plan": "p"])
        try journal.append(.entered(.acquiring))
        try journal.append(.ended(.acquiring, .failed, reason: "TransferFailed"), ["message": "no answer"])
        return journal.records.map(\.line)
    }

    @Test("What was appended is read, in order, with time, process and detail")
    func append() throws {
        try withJournal { folder, path in
            _ = try fill(folder)
            let reading = try Journal.read(path)
            #expect(!reading.isTorn)
            #expect(reading.damage == nil)
            #expect(reading.records.map(\.index) == [0, 1, 2, 3])
            #expect(reading.records[1].event == .ended(.planning, .done, reason: nil))
            #expect(reading.records[1].time - reading.records[0].time == 1)
            #expect(reading.records[1].detail == ["plan": "p"])
            #expect(reading.records[3].event == .ended(.acquiring, .failed, reason: "TransferFailed"))
            let me = try ProcessIdentity.current()
            #expect(reading.records.allSatisfy { $0.process == me })
        }
    }

    @Test("No journal is an empty one")
    func none() throws {
        try withJournal { folder, path in
            #expect(try Journal.read(path).records.isEmpty)
            #expect(!DurableFiles.exists(path))
            _ = try Journal.open(folder: folder, clock: clock)
            #expect(try DurableFiles.read(path) == [])
        }
    }

    @Test("A record that was cut at any byte is passed over, and the next one follows the whole ones")
    func torn() throws {
        try withJournal { folder, path in
            let lines = try fill(folder)
            let kept = lines[0] + [UInt8(ascii: "\n")] + lines[1] + [UInt8(ascii: "\n")]
            for length in stride(from: 1, through: lines[2].count, by: 13) + [lines[2].count] {
                try DurableFiles.replace(path, kept + lines[2].prefix(length))
                let reading = try Journal.read(path)
                #expect(reading.isTorn, "\(length) bytes")
                #expect(reading.damage == nil)
                #expect(reading.records.map(\.line) == Array(lines[..<2]))
                var journal = try Journal.open(folder: folder, clock: clock)
                try journal.append(.takenOver)
                let after = try Journal.read(path)
                #expect(!after.isTorn)
                #expect(after.records.map(\.index) == [0, 1, 2])
                #expect(after.records.last?.event == .takenOver)
            }
            #expect(try DurableFiles.list(folder) == [Journal.fileName])
        }
    }

    @Test(
        "Damage before the last line sets the journal aside, says so, and keeps what is before the damage",
        arguments: ["garbage", "checksum", "missing", "swapped", "empty", "schema"])
    func damage(_ kind: String) throws {
        try withJournal { folder, path in
            var lines = try fill(folder)
            switch kind {
            case "garbage": lines[2] = Array("{\"schema\":".utf8)
            case "checksum":
                lines[2] = Array(
                    String(decoding: lines[2], as: UTF8.self).replacing("acquiring", with: "migrating").utf8)
            case "missing": lines.remove(at: 2)
            case "swapped": lines.swapAt(2, 3)
            case "empty": lines[2] = []
            default:
                lines[2] = Array(
                    String(decoding: lines[2], as: UTF8.self).replacing("journal/1", with: "journal/2").utf8)
            }
            let text = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
            // A missing line leaves one line after the damage only if there is another record.
            let whole = kind == "missing" ? text + lines[2] + [UInt8(ascii: "\n")] : text
            try DurableFiles.replace(path, whole)

            let damage = try #require(try Journal.read(path).damage)
            #expect(damage.hasPrefix("\(path): line 3"))
            let journal = try Journal.open(folder: folder, clock: clock)
            #expect(journal.records.map(\.index) == [0, 1, 2])
            #expect(
                journal.records[2].event == .noted("the journal was damaged and has been set aside: \(damage)"))
            let aside = "\(path).damaged-\(clock.now().milliseconds)"
            #expect(try DurableFiles.read(aside) == whole)
            #expect(try Journal.read(path).records == journal.records)
        }
    }

    @Test("Any byte of a record that was changed is noticed")
    func everyByte() throws {
        try withJournal { folder, path in
            let line = try fill(folder)[1]
            for position in line.indices {
                var changed = line
                changed[position] ^= 1
                #expect(throws: DocumentError.self, "byte \(position)") {
                    try JournalRecord(line: changed, file: path, number: 1)
                }
            }
        }
    }

    @Test("A record of a kind that a newer program wrote is read as such and decides nothing")
    func newer() throws {
        let record = JournalRecord(
            index: 0, time: clock.now(), process: try .current(), event: .unknown("foretold"), detail: ["a": 1])
        let read = try JournalRecord(line: record.line, file: "f", number: 1)
        #expect(read == record)
        #expect(AttemptProgress([read]) == AttemptProgress([]))
    }

    @Test("A process that goes on with a journal continues its numbers")
    func takeover() throws {
        try withJournal { folder, path in
            _ = try fill(folder)
            var second = try Journal.open(folder: folder, clock: clock)
            #expect(second.records.count == 4)
            try second.append(.takenOver)
            #expect(try Journal.read(path).records.map(\.index) == [0, 1, 2, 3, 4])
        }
    }
}
