import CFuzzer
import Glibc

/// Hands this program's arguments to libFuzzer, which tries inputs on the target until its limits are reached.
public func fuzzing(_ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32) -> Never {
    var count = CommandLine.argc
    var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &words, target))
}
