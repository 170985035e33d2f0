import FuzzLoop
import Glibc
import Unpacking

/// Unpacks the input, and demands that nothing but what the list has is made, and all of it where nothing is refused.
///
/// The first byte says whether an archive follows or a tar, which is put into a frame of stored blocks: so the search
/// need not find its way through a checksum of the compression first.
struct Place {
    let folder: String
    let document: String
    let input: Int32
    /// Path and size of every listed file, and the folders.
    static let files = ["bin/run": 10, "App/one": 1, "deep/er/file": 700, "empty": 0, "caf\u{E9}": 1]
    static let folders: Set<String> = ["bin", "App", "deep", "deep/er"]

    init() {
        guard let document = getenv("FUZZ_DOCUMENT").map({ String(cString: $0) }) else {
            let words = Array("FUZZ_DOCUMENT must name the list that belongs to the corpus\n".utf8)
            _ = write(2, words, words.count)
            exit(64)
        }
        self.document = document
        var template = Array("/dev/shm/fuzz-archive-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { exit(74) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        input = open("\(folder)/input", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        umask(0o022)
    }

    private func feed(_ bytes: [UInt8]) {
        ftruncate(input, 0)
        lseek(input, 0, SEEK_SET)
        _ = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        lseek(input, 0, SEEK_SET)
    }

    func unpack(_ bytes: [UInt8]) {
        feed(bytes)
        let target = "\(folder)/into"
        mkdir(target, 0o755)
        var isDone = false
        do throws(UnpackFailure) {
            let unpacker = try Unpacker(document: document, into: target)
            _ = try unpacker.unpack(from: input)
            isDone = true
        } catch {
            precondition(error.kind == .badArchive, "\(error)")
            precondition(error.description.utf8.allSatisfy { 0x20..<0x7F ~= $0 }, "unprintable words")
        }
        var found: [String: Int] = [:]
        clear(target, "", &found)
        precondition(found.removeValue(forKey: "release.json") != nil || !isDone)
        for (path, size) in found { precondition(size <= Self.files[path] ?? -1, path) }
        precondition(!isDone || found == Self.files, "\(found)")
        precondition(names(folder).sorted() == ["input"])
    }

    private func names(_ folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a folder, and notes the files that were in it.
    private func clear(_ folder: String, _ prefix: String, _ found: inout [String: Int]) {
        for name in names(folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            precondition(lstat(path, &status) == 0)
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                precondition(Self.folders.contains(prefix + name) && status.st_mode & 0o7777 == 0o755, path)
                clear(path, "\(prefix)\(name)/", &found)
            case S_IFREG:
                precondition([0o644, 0o755].contains(status.st_mode & 0o7777), path)
                found[prefix + name] = Int(status.st_size)
                unlink(path)
            default: preconditionFailure("\(path) is neither a file nor a folder")
            }
        }
        rmdir(folder)
    }
}

private func frame(_ content: ArraySlice<UInt8>) -> [UInt8] {
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
    var rest = content
    repeat {
        let block = rest.prefix(1 << 16)
        rest = rest.dropFirst(block.count)
        let header = (rest.isEmpty ? 1 : 0) | block.count << 3
        frame += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16 & 0xFF)] + block
    } while !rest.isEmpty
    return frame
}

private let place = Place()

private func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    guard let kind = bytes.first else { return 0 }
    place.unpack(kind == 0 ? Array(bytes.dropFirst()) : frame(bytes.dropFirst()))
    return 0
}

@main
struct Target {
    static func main() {
        Unpacker.useUTF8()
        fuzzing { data, size in fuzz(data, size) }
    }
}
