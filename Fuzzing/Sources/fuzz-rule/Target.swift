import FuzzLoop
import SyncConfiguration

/// Reads the input as a rule's file, as a script, and as any file of an export. What is read is written, and read again equal.
private func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    if let rule = try? SynchronizationRule(exported: bytes, file: "input") {
        guard let written = try? rule.exported(),
            let again = try? SynchronizationRule(exported: written, file: "again"),
            again == rule
        else { fatalError("a rule that was read is not the rule that is written") }
    }
    _ = try? RuleScript.read(text: String(decoding: bytes, as: UTF8.self), file: "input")
    _ = try? ExportDocument(bytes, file: "input", root: "ma-data")
    return 0
}

@main
struct Target {
    static func main() { fuzzing { data, size in fuzz(data, size) } }
}
