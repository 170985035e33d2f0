/// Walks the blocks of one zstd frame (RFC 8878) without expanding them, so that its end, its window and its completeness
/// are known here: libarchive reads frame after frame and stops with the tar inside.
struct ZstdFrame {
    /// What a reader must keep of what it has expanded. No level up to 19 asks for more, and RFC 8878 for no less.
    static let largestWindow = 8 << 20

    private enum State: Equatable {
        /// Collecting a part of the header until it has this many bytes.
        case magic, descriptor, fields(Int), block
        case skipping(Int, isLast: Bool)
        case checksum(Int)
        case done
    }

    private var state = State.magic
    private var collected: [UInt8] = []
    private var hasChecksum = false

    /// The next bytes of the archive.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws(UnpackFailure) {
        var position = 0
        while position < bytes.count {
            switch state {
            case .done:
                throw Self.refused("something follows its only zstd frame; a release's archive ends with it")
            case .skipping(let count, let isLast):
                let step = min(count, bytes.count - position)
                position += step
                if step < count { state = .skipping(count - step, isLast: isLast) } else { endBlock(isLast) }
            case .checksum(let count):
                let step = min(count, bytes.count - position)
                position += step
                state = step < count ? .checksum(count - step) : .done
            default:
                collected.append(bytes[position])
                position += 1
                try advance()
            }
        }
    }

    /// The archive has no more bytes.
    func end() throws(UnpackFailure) {
        if state == .magic, collected.isEmpty { throw Self.refused("the archive is empty") }
        guard state == .done else {
            throw Self.refused("the archive is cut off: it ends in the middle of its zstd frame")
        }
    }

    private mutating func advance() throws(UnpackFailure) {
        switch state {
        case .magic where collected.count == 4:
            guard collected == [0x28, 0xB5, 0x2F, 0xFD] else {
                throw Self.refused("the archive is not compressed with zstd: it does not begin with a zstd frame")
            }
            state = .descriptor
        case .descriptor:
            state = .fields(try fieldBytes(collected[0]))
        case .fields(let count) where collected.count == count + 1: try readFields()
        case .block where collected.count == 3: try readBlock()
        default: return
        }
        if case .fields = state { return }
        collected.removeAll(keepingCapacity: true)
    }

    /// How many bytes the fields after the frame's descriptor have.
    private mutating func fieldBytes(_ descriptor: UInt8) throws(UnpackFailure) -> Int {
        if descriptor & 0x08 != 0 { throw Self.refused("its zstd frame uses a reserved bit") }
        if descriptor & 0x03 != 0 { throw Self.refused("its zstd frame needs a dictionary; a release has none") }
        hasChecksum = descriptor & 0x04 != 0
        let isSingleSegment = descriptor & 0x20 != 0
        let sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        return sizeBytes + (isSingleSegment ? 0 : 1)
    }

    private mutating func readFields() throws(UnpackFailure) {
        let descriptor = collected[0]
        let window: UInt64
        if descriptor & 0x20 != 0 {
            // The whole content is the window; two bytes count from 256.
            let size = collected.dropFirst().reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            window = descriptor >> 6 == 1 ? size + 256 : size
        } else {
            let base = UInt64(1) << (10 + UInt64(collected[1] >> 3))
            window = base + base / 8 * UInt64(collected[1] & 7)
        }
        guard window <= UInt64(Self.largestWindow) else {
            throw Self.refused(
                "its zstd frame has a window of \(window) bytes; a release's may have \(Self.largestWindow)")
        }
        state = .block
    }

    private mutating func readBlock() throws(UnpackFailure) {
        let header = Int(collected[0]) | Int(collected[1]) << 8 | Int(collected[2]) << 16
        let (isLast, kind, size) = (header & 1 == 1, header >> 1 & 3, header >> 3)
        guard kind != 3 else { throw Self.refused("the archive is damaged: a zstd block of a reserved kind") }
        // A repeated byte stands once.
        let stored = kind == 1 ? 1 : size
        state = .skipping(stored, isLast: isLast)
        if stored == 0 { endBlock(isLast) }
    }

    private mutating func endBlock(_ isLast: Bool) {
        state = isLast ? (hasChecksum ? .checksum(4) : .done) : .block
    }

    private static func refused(_ problem: String) -> UnpackFailure { UnpackFailure(.badArchive, problem) }
}
