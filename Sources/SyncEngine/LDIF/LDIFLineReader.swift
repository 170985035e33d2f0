/// Where the bytes of an LDIF file come from: each call gives the next piece, and an empty one at the end.
public typealias LDIFByteSource = () throws(LDIFError) -> [UInt8]

/// Bounds that keep a hostile or broken file from filling the memory.
public struct LDIFLimits: Equatable, Sendable {
    /// The longest line after unfolding.
    public var lineBytes: Int
    /// All values of one record together.
    public var recordBytes: Int
    /// Different attributes of one record.
    public var recordAttributes: Int

    public init(lineBytes: Int = 16 << 20, recordBytes: Int = 256 << 20, recordAttributes: Int = 4096) {
        self.lineBytes = lineBytes
        self.recordBytes = recordBytes
        self.recordAttributes = recordAttributes
    }
}

/// Splits bytes into logical lines: line ends of either kind removed, continuation lines joined, comments left out.
struct LDIFLineReader {
    let file: String
    private let limits: LDIFLimits
    private let source: LDIFByteSource
    private var chunk: [UInt8] = []
    private var position = 0
    private var sourceEnded = false
    private var physicalLine = 0

    /// The logical line that `next` found, and the number of its first physical line.
    private(set) var line: [UInt8] = []
    private(set) var number = 0

    init(file: String, limits: LDIFLimits, source: @escaping LDIFByteSource) {
        self.file = file
        self.limits = limits
        self.source = source
    }

    /// Advances to the next logical line that is not a comment; false at the end of the file.
    mutating func next() throws(LDIFError) -> Bool {
        while true {
            line.removeAll(keepingCapacity: true)
            guard try appendPhysicalLine(skipping: 0) else { return false }
            number = physicalLine
            if line.first == UInt8(ascii: " "), number > 0 {
                throw failure("begins with a space, but there is no line before it to continue")
            }
            let canContinue = !line.isEmpty
            while canContinue, try peek() == UInt8(ascii: " ") { _ = try appendPhysicalLine(skipping: 1) }
            if line.first != UInt8(ascii: "#") { return true }
        }
    }

    func failure(_ problem: String) -> LDIFError { LDIFError(file: file, line: number, problem: problem) }

    private mutating func refill() throws(LDIFError) {
        guard position >= chunk.count, !sourceEnded else { return }
        chunk = try source()
        position = 0
        sourceEnded = chunk.isEmpty
    }

    private mutating func peek() throws(LDIFError) -> UInt8? {
        try refill()
        return position < chunk.count ? chunk[position] : nil
    }

    /// Appends the bytes up to the next line end; false where the file has ended.
    private mutating func appendPhysicalLine(skipping skipped: Int) throws(LDIFError) -> Bool {
        guard try peek() != nil else { return false }
        physicalLine += 1
        position += skipped
        while try peek() != nil {
            let rest = chunk[position...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            line.append(contentsOf: rest[..<(end ?? chunk.count)])
            position = end.map { $0 + 1 } ?? chunk.count
            if line.count > limits.lineBytes {
                throw LDIFError(
                    file: file, line: physicalLine, problem: "longer than the allowed \(limits.lineBytes) bytes")
            }
            if end != nil { break }
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return true
    }
}
