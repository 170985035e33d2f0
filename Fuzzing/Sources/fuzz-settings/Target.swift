import FuzzLoop
import SyncConfiguration

/// Reads the input as printed settings, in any shape. What was cut in the printout has no value.
private func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    guard let settings = try? PrintedSettings(bytes, file: "input") else { return 0 }
    for name in settings.parameters.keys where settings.cut.contains(name) {
        fatalError("\(name) is cut and has a value")
    }
    return 0
}

@main
struct Target {
    static func main() { fuzzing { data, size in fuzz(data, size) } }
}
