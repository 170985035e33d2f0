/// Steps through the elements of DER one after the other, without looking into them.
///
/// A certificate's frame is read this way: most of its elements are never asked for, and a rule that filters devices reads every
/// certificate several times.
struct DERCursor {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>
        /// With tag and length.
        let whole: ArraySlice<UInt8>

        /// What is in it; nil unless it is of that kind.
        func inside(_ expected: UInt8) -> DERCursor? { tag == expected ? DERCursor(content) : nil }
    }

    static let integer: UInt8 = 0x02
    static let identifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// nil at the end, and where the next element is cut or not as DER has it: lengths definite and as short as can be.
    mutating func next() -> Element? {
        guard rest.count >= 2 else { return nil }
        let tag = rest[rest.startIndex]
        var length = Int(rest[rest.startIndex + 1])
        var start = rest.startIndex + 2
        guard tag & 0x1F != 0x1F else { return nil }
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), rest.endIndex - start >= count, rest[start] != 0 else { return nil }
            length = rest[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80 else { return nil }
            start += count
        }
        guard rest.endIndex - start >= length else { return nil }
        let element = Element(tag: tag, content: rest[start..<start + length], whole: rest[..<(start + length)])
        rest = rest[(start + length)...]
        return element
    }

    /// The next element, which has to be of that kind.
    mutating func next(_ tag: UInt8) -> Element? { next().flatMap { $0.tag == tag ? $0 : nil } }
}
