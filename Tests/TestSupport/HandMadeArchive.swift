import Foundation

/// A tar entry with whatever a test wants in its header. It shares no code with the programs that read it.
public struct TarEntry: Sendable {
    public var name: String
    public var type: Character
    public var mode: Int
    public var content: [UInt8]
    public var linkTarget: String
    /// What the header says; the content's size where nil.
    public var size: Int?

    public init(
        _ name: String, type: Character = "0", mode: Int = 0o644, content: String = "", linkTarget: String = "",
        size: Int? = nil
    ) {
        self.name = name
        self.type = type
        self.mode = mode
        self.content = Array(content.utf8)
        self.linkTarget = linkTarget
        self.size = size
    }

    /// A folder.
    public static func folder(_ name: String, mode: Int = 0o755) -> TarEntry { TarEntry(name, type: "5", mode: mode) }

    /// The ustar header and the content, padded.
    public var bytes: [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int, _ length: Int) {
            for (index, byte) in text.utf8.prefix(length).enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0, 100)
        put(octal(mode, 7), at: 100, 8)
        put(octal(0, 7), at: 108, 8)
        put(octal(0, 7), at: 116, 8)
        put(octal(size ?? content.count, 11), at: 124, 12)
        put(octal(0, 11), at: 136, 12)
        put("        ", at: 148, 8)
        put(String(type), at: 156, 1)
        put(linkTarget, at: 157, 100)
        put("ustar\u{0}00", at: 257, 8)
        put(octal(0, 7), at: 329, 8)
        put(octal(0, 7), at: 337, 8)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148, 8)
        return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
}

/// Archives made by hand.
public enum HandMadeArchive {
    /// A whole tar.
    public static func tar(_ entries: [TarEntry]) -> [UInt8] {
        entries.flatMap(\.bytes) + [UInt8](repeating: 0, count: 1024)
    }

    /// A zstd frame of stored blocks (RFC 8878): the format without the compression.
    public static func zstd(_ content: [UInt8]) -> [UInt8] {
        // Magic number, a descriptor without content size or checksum, a window of 128 KiB.
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
        var rest = content[...]
        repeat {
            let block = rest.prefix(1 << 16)
            rest = rest.dropFirst(block.count)
            let header = (rest.isEmpty ? 1 : 0) | block.count << 3
            frame += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16 & 0xFF)] + block
        } while !rest.isEmpty
        return frame
    }

    /// Writes a tar.zst.
    public static func write(_ entries: [TarEntry], to file: URL) throws {
        try Data(zstd(tar(entries))).write(to: file)
    }
}
