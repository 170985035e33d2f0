import Documents
import Glibc
import LinuxHost
import ReleaseContract
import Transfer

/// `transfer-probe CHUNKS FOLDER ADDRESS…` fetches an archive into a folder and prints how many bytes it was handed,
/// how much memory it took at most, in kilobytes, and how long it took, in milliseconds. A test and a person who wants
/// to know the pace of transfers alone run it.
func probe() throws {
    let arguments = CommandLine.arguments
    let path = arguments[1]
    let chunks = try ChunkList(bytes: try DurableFiles.read(path) ?? [], file: path)
    let clock = SystemClock()
    var settings = TransferSettings()
    settings.proxy = .direct
    var handed = 0
    let began = clock.monotonicMilliseconds()
    _ = try Downloader(settings: settings, clock: clock).fetchArchive(
        try arguments.dropFirst(3).map { try TransferAddress($0) }, chunks: chunks, into: arguments[2],
        receive: { bytes in
            handed += bytes.count
            return true
        })
    let took = clock.monotonicMilliseconds() - began
    // Not getrusage(2), which counts what the parent had before this program took its place.
    let status = String(decoding: try DurableFiles.read("/proc/self/status") ?? [], as: UTF8.self)
    let peak =
        status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: \.isWhitespace)[1] ?? "0"
    print("{\"handed\": \(handed), \"peakKilobytes\": \(peak), \"milliseconds\": \(took)}")
}

guard CommandLine.arguments.count > 3 else {
    print("usage: transfer-probe CHUNKS FOLDER ADDRESS...")
    exit(64)
}
do {
    try probe()
} catch {
    print("\(error)")
    exit(1)
}
