import FuzzLoop
import SyncEngine

/// Reads the input as LDIF to its end or its first error.
private func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    do {
        let reader = LDIFReader(file: "input", bytes: Array(UnsafeBufferPointer(start: data, count: size)))
        while try reader.next() != nil {}
    } catch {
        // An error is an answer; a crash or an endless loop is what is looked for.
    }
    return 0
}

@main
struct Target {
    static func main() { fuzzing { data, size in fuzz(data, size) } }
}
