import CFuzzer
import Glibc
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
    static func main() {
        var count = CommandLine.argc
        var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &words) { data, size in fuzz(data, size) })
    }
}
