import Glibc
import Sandbox
import Unpacking

/// Usage and failures go to standard error in one line; there is no output on success.
func stop(_ message: String, _ status: Int32) -> Never {
    let line = Array("aadc-unpack: \(message)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    exit(status)
}

let usage = "usage: aadc-unpack --document RELEASE.JSON --into EMPTY-FOLDER <ARCHIVE"

struct Options {
    var document: String
    var folder: String

    init?(_ arguments: ArraySlice<String>) {
        var values: [String: String] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            guard ["--document", "--into"].contains(name), values[name] == nil, let value = rest.popFirst()
            else { return nil }
            values[name] = value
        }
        guard let document = values["--document"], let folder = values["--into"] else { return nil }
        (self.document, self.folder) = (document, folder)
    }
}

Unpacker.useUTF8()
guard let options = Options(CommandLine.arguments.dropFirst()) else { stop(usage, 64) }
/// What one window, the reader's buffers and the list of the files may take.
func limits(of unpacker: borrowing Unpacker) -> Sandbox.Limits {
    Sandbox.Limits(
        fileBytes: unpacker.largestFile, memoryBytes: 32 << 20 + 16 * unpacker.documentBytes, openFiles: 16)
}

do throws(UnpackFailure) {
    let unpacker = try Unpacker(document: options.document, into: options.folder)
    do throws(SandboxError) {
        try Sandbox.enter(folder: unpacker.folderDescriptor, limits: limits(of: unpacker))
    } catch {
        throw UnpackFailure(.notConfined, "the sandbox cannot be entered, and nothing was read: \(error)")
    }
    _ = try unpacker.unpack(from: 0)
} catch {
    stop(error.description, error.exitStatus)
}
