import Glibc
import Unpacking

/// Usage and failures go to standard error in one line; there is no output on success.
func stop(_ message: String, _ status: Int32) -> Never {
    let line = Array("aadc-unpack: \(message)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    exit(status)
}

let usage = "usage: aadc-unpack --archive FILE --into EMPTY-FOLDER --max-bytes N --max-files N"

struct Options {
    var archive: String
    var folder: String
    var limits: UnpackLimits

    init?(_ arguments: ArraySlice<String>) {
        var values: [String: String] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            guard ["--archive", "--into", "--max-bytes", "--max-files"].contains(name), values[name] == nil,
                let value = rest.popFirst()
            else { return nil }
            values[name] = value
        }
        guard let archive = values["--archive"], let folder = values["--into"],
            let bytes = values["--max-bytes"].flatMap({ Int($0) }), bytes >= 0,
            let files = values["--max-files"].flatMap({ Int($0) }), files >= 0
        else { return nil }
        (self.archive, self.folder) = (archive, folder)
        limits = UnpackLimits(bytes: bytes, files: files)
    }
}

Unpacker.useUTF8()
guard let options = Options(CommandLine.arguments.dropFirst()) else { stop(usage, 64) }
do throws(UnpackFailure) {
    _ = try Unpacker.unpack(archive: options.archive, into: options.folder, limits: options.limits)
} catch {
    stop(error.description, error.exitStatus)
}
