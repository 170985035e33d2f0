import Foundation
import LinuxHost
import TestSupport
import Testing

/// `replace`, watched from outside: what the kernel was asked for, and in which order.
struct DurabilityTraceTests {
    private static let strace = "/usr/bin/strace"

    @Test(
        "A file is written, synced and renamed, and its folder synced, in this order",
        .enabled(if: DurableFiles.exists(strace), "strace is not installed"))
    func order() throws {
        try withTemporaryFolder { folder in
            let (key, trace) = ("\(folder.path)/key", "\(folder.path)/trace")
            // A program of this package that replaces files and does little else.
            let completion = try ChildProcess.run(
                Invocation(
                    program: Self.strace,
                    arguments: [
                        "-f", "-y", "-o", trace, "-e", "trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2",
                        builtProgram("aadc-publish").path, "keygen", "--unencrypted", "--output", key,
                    ]), timeoutSeconds: 60, clock: SystemClock())
            #expect(completion.end == .exited(0), "\(completion.diagnostics)")
            let text = String(decoding: try #require(try DurableFiles.read(trace)), as: UTF8.self)
            #expect(Self.calls(text, key, folder.path) == ["write new", "fsync new", "rename new", "fsync folder"])
        }
    }

    /// The calls that touch the temporary file of `path` or, after its rename, the folder; up to the first folder's sync.
    private static func calls(_ trace: String, _ path: String, _ folder: String) -> [String] {
        var calls: [String] = []
        for line in trace.split(separator: "\n") {
            let words = line.drop { $0 != " " }.trimmingCharacters(in: .whitespaces)
            let call = String(words.prefix { $0 != "(" })
            let isNew = words.contains("\(path).") && words.contains(".new") && !words.contains("\(path).pub")
            if call.hasPrefix("rename"), isNew, words.contains("\"\(path)\"") {
                calls.append("rename new")
            } else if isNew {
                calls.append("\(call) new")
            } else if words.contains("<\(folder)>") {
                calls.append("\(call) folder")
                return calls
            }
        }
        return calls
    }
}
