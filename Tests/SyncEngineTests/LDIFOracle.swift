import Foundation
import SyncEngine
import TestSupport

/// One line of a record: a name and its value.
struct LDIFLine: Hashable, Comparable, Sendable, CustomStringConvertible {
    let name: String
    let value: [UInt8]

    init(_ name: String, _ value: [UInt8]) {
        self.name = name
        self.value = value
    }

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

    static func < (left: LDIFLine, right: LDIFLine) -> Bool { left.name < right.name }
    var description: String { "\(name): \(String(decoding: value, as: UTF8.self))" }
}

/// What a reader made of a file, in a form that two readers can be compared in.
struct LDIFReading: Equatable, Sendable {
    var records: [[LDIFLine]] = []
    /// The reader did not go on after these records.
    var isRefused = false

    static func of(_ records: [[LDIFLine]]) -> LDIFReading { LDIFReading(records: records) }
    static func refused(after records: [[LDIFLine]] = []) -> LDIFReading {
        LDIFReading(records: records, isRefused: true)
    }

    // MARK: Ours

    init(records: [[LDIFLine]] = [], isRefused: Bool = false) {
        self.records = records.map(Self.normal)
        self.isRefused = isRefused
    }

    /// What this project's reader makes of a file.
    init(ours file: URL) {
        do {
            let reader = try LDIFReader.open(file.path)
            while let record = try reader.next() { records.append(Self.normal(Self.lines(record))) }
        } catch {
            isRefused = true
        }
    }

    private static func lines(_ record: LDIFRecord) -> [LDIFLine] {
        let head = [LDIFLine("dn", record.dn)] + record.controls.map(line)
        switch record.content {
        case .entry(let attributes): return head + attributes.flatMap(lines)
        case .change(let change): return head + lines(change)
        }
    }

    private static func lines(_ change: LDIFChange) -> [LDIFLine] {
        switch change {
        case .add(let attributes): return [LDIFLine("changetype", "add")] + attributes.flatMap(lines)
        case .delete: return [LDIFLine("changetype", "delete")]
        case .modify(let modifications):
            return [LDIFLine("changetype", "modify")]
                + modifications.flatMap {
                    [LDIFLine($0.operation.rawValue, $0.attribute.name)] + lines($0.attribute) + [LDIFLine("-", "")]
                }
        case .rename(let newRDN, let deleteOldRDN, let newSuperior):
            return [
                LDIFLine("changetype", "modrdn"), LDIFLine("newrdn", newRDN),
                LDIFLine("deleteoldrdn", deleteOldRDN ? "1" : "0"),
            ] + (newSuperior.map { [LDIFLine("newsuperior", $0)] } ?? [])
        }
    }

    private static func lines(_ attribute: LDIFAttribute) -> [LDIFLine] {
        attribute.values.map { LDIFLine(attribute.name, $0) }
    }

    /// As it stands in a file without a value; libldap leaves the parts of this line to its callers.
    private static func line(_ control: LDIFControl) -> LDIFLine {
        LDIFLine("control", control.isCritical ? "\(control.oid) true" : control.oid)
    }

    // MARK: libldap's

    /// What libldap makes of a file.
    init(libldap file: URL) throws {
        let answer = try run(Self.script("libldap-records.py"), [file.path])
        guard answer.status == 0 else {
            throw HarnessError("libldap's reader ended with \(answer.status): \(answer.errors)")
        }
        for text in answer.output.split(separator: "\n") {
            guard let lines = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String]] else {
                isRefused = true
                break
            }
            records.append(Self.normal(lines.map { LDIFLine($0[0], Self.bytes($0[1])) }))
        }
    }

    static func script(_ name: String) -> URL { packageFolder.appending(path: "Tests/Oracles/\(name)") }

    static var hasLibldap: Bool {
        let answer = try? withTemporaryFolder("oracle") { folder in
            let empty = folder.appending(path: "empty.ldif")
            try Data().write(to: empty)
            return try run(script("libldap-records.py"), [empty.path]).status
        }
        return answer == 0
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    // MARK: What both are brought to

    /// Names of attributes and kinds of changes are the same in either case, and the values of an entry's attribute belong
    /// together wherever they stand. The order of values stays, and so does every line of a change.
    private static func normal(_ lines: [LDIFLine]) -> [LDIFLine] {
        let lines = lines.map { line in
            let name = line.name.lowercased()
            guard name == "changetype" || ["add", "delete", "replace", "increment"].contains(name) else {
                return LDIFLine(name, line.value)
            }
            let word = String(decoding: line.value, as: UTF8.self).lowercased()
            return LDIFLine(name, word == "moddn" ? "modrdn" : word)
        }
        guard !lines.contains(where: { $0.name == "changetype" && $0.value != Array("add".utf8) }) else { return lines }
        let heads = lines.prefix { ["dn", "control", "changetype"].contains($0.name) }
        // A stable sort: the standard library's keeps the order of equal elements, but does not promise it.
        let rest = lines.dropFirst(heads.count).enumerated().sorted {
            ($0.element.name, $0.offset) < ($1.element.name, $1.offset)
        }
        return Array(heads) + rest.map(\.element)
    }
}

/// Directory servers whose dumps are read, where `make oracles` has unpacked them or the machine has them.
enum DirectoryServers {
    /// Where slapd's files are: a folder, or empty for the machine's own; nil where there is none.
    static let slapd: String? = place(of: "usr/sbin/slapcat", installedToo: true)
    static let samba: String? = place(of: "usr/share/samba/setup", installedToo: false)

    private static func place(of path: String, installedToo: Bool) -> String? {
        let unpacked = packageFolder.appending(path: ".build/oracles/root").path
        if FileManager.default.fileExists(atPath: "\(unpacked)/\(path)") { return unpacked }
        return installedToo && FileManager.default.fileExists(atPath: "/\(path)") ? "" : nil
    }
}
