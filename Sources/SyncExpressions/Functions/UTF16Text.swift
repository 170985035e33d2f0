/// Texts as .NET sees them: a row of UTF-16 units, compared unit by unit.
///
/// Swift texts hold whole characters only. Where a cut falls between the two halves of a surrogate pair the half is left out,
/// so that no result is longer than asked and none holds half a character.
enum UTF16Text {
    /// The units from `start` on (counted from 0), at most `count`.
    static func slice(_ text: String, from start: Int, count: Int) -> String {
        let units = text.utf16
        // No text has more units than bytes, and an index cannot be moved by any number.
        let most = text.utf8.count
        if start == 0, count >= most { return text }
        guard count > 0, start <= most,
            var first = units.index(units.startIndex, offsetBy: start, limitedBy: units.endIndex)
        else { return "" }
        var end = units.index(first, offsetBy: min(count, most), limitedBy: units.endIndex) ?? units.endIndex
        if isInsidePair(first, units) { first = units.index(after: first) }
        if isInsidePair(end, units) { end = units.index(before: end) }
        return first < end ? String(text[first..<end]) : ""
    }

    private static func isInsidePair(_ index: String.Index, _ units: String.UTF16View) -> Bool {
        index < units.endIndex && UTF16.isTrailSurrogate(units[index])
    }

    /// Cut to a number of units from the end.
    static func suffix(_ text: String, _ count: Int) -> String {
        slice(text, from: text.utf16.count - count, count: count)
    }

    /// Char.IsWhiteSpace, which is Unicode's White_Space property.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == " " || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
    }

    static func trimmed(_ text: String, start: Bool = true, end: Bool = true) -> String {
        let scalars = text.unicodeScalars
        var first = scalars.startIndex
        var last = scalars.endIndex
        while start, first < last, isBlank(scalars[first]) { first = scalars.index(after: first) }
        while end, first < last {
            let before = scalars.index(before: last)
            guard isBlank(scalars[before]) else { break }
            last = before
        }
        // The usual value has no blanks around it, and is not copied.
        return first == scalars.startIndex && last == scalars.endIndex ? text : String(text[first..<last])
    }

    /// .NET's invariant casing: one unit becomes one unit, and only where the way back leads to the same letter. So ß, the final sigma,
    /// the dotted and dotless i and the Kelvin sign stay as they are, and so does what is outside the basic plane.
    static func upper(_ text: String) -> String {
        mapped(text) { scalar in
            switch scalar {
            case "a"..."z": Unicode.Scalar(UInt8(scalar.value) - 32)
            case _ where scalar.isASCII: scalar
            default: reversible(scalar, simpleUpper, simpleLower)
            }
        }
    }

    static func lower(_ text: String) -> String {
        mapped(text) { scalar in
            switch scalar {
            case "A"..."Z": Unicode.Scalar(UInt8(scalar.value) + 32)
            case _ where scalar.isASCII: scalar
            default: reversible(scalar, simpleLower, simpleUpper)
            }
        }
    }

    private static func mapped(_ text: String, _ map: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.lazy.map(map))
        return String(result)
    }

    private static func reversible(
        _ scalar: Unicode.Scalar, _ map: (Unicode.Scalar) -> Unicode.Scalar?,
        _ back: (Unicode.Scalar) -> Unicode.Scalar?
    ) -> Unicode.Scalar {
        guard scalar.value <= 0xFFFF, let mapped = map(scalar), mapped != scalar, back(mapped) == scalar,
            isOld(scalar), isOld(mapped)
        else { return scalar }
        return mapped
    }

    /// .NET Framework's letters are those of Unicode 5.1: what later versions paired (Georgian) has no cases there.
    private static func isOld(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.age.map { $0 <= (5, 1) } ?? false }

    private static func simpleLower(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        single(scalar.properties.lowercaseMapping)
    }

    /// Letters such as ᾀ are several in upper case, but one as the first of a word: that is their simple mapping.
    private static func simpleUpper(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        single(scalar.properties.uppercaseMapping) ?? single(scalar.properties.titlecaseMapping)
    }

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars.first.flatMap { $0.value <= 0xFFFF ? $0 : nil } : nil
    }

    enum Comparison: String, CaseIterable {
        case vbBinaryCompare, vbTextCompare
    }

    /// Where a text occurs, in UTF-16 units from 0. `from` is where the search begins; searching backwards it is where a match must end.
    static func find(
        _ sought: String, in text: String, from: Int, backwards: Bool, _ comparison: Comparison
    ) -> Int? {
        let isText = comparison == .vbTextCompare
        let units = Array((isText ? upper(text) : text).utf16)
        let wanted = Array((isText ? upper(sought) : sought).utf16)
        guard wanted.count <= units.count else { return nil }
        func matches(_ start: Int) -> Bool {
            for index in wanted.indices where units[start + index] != wanted[index] { return false }
            return true
        }
        let last = (backwards ? min(from, units.count) : units.count) - wanted.count
        if backwards { return last < 0 ? nil : stride(from: last, through: 0, by: -1).first(where: matches) }
        return from > last ? nil : (from...last).first(where: matches)
    }

    /// Whether a text holds another, byte by byte: UTF-8 texts occur in one another where their UTF-16 forms do.
    static func holds(_ text: String, _ sought: String) -> Bool { offset(of: sought, in: text) != nil }

    /// Where, counted in UTF-8 bytes.
    static func offset(of sought: String, in text: String) -> Int? {
        var text = text
        var sought = sought
        return text.withUTF8 { bytes in
            sought.withUTF8 { wanted in
                guard let first = wanted.first else { return 0 }
                guard wanted.count <= bytes.count else { return nil }
                return (0...(bytes.count - wanted.count)).first { start in
                    bytes[start] == first && wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
                }
            }
        }
    }
}

/// A text as a key that equals only itself: Swift takes `é` and `e` with an accent for equal, .NET does not.
struct OrdinalText: Hashable {
    let text: String

    static func == (left: OrdinalText, right: OrdinalText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
    func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}
