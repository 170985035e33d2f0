/// Where two texts differ, word by word. Both texts come back whole from their pieces.
struct WordDifference: Equatable, Sendable {
    struct Piece: Equatable, Sendable {
        var text: String
        var isChanged: Bool
    }

    let old: [Piece]
    let new: [Piece]

    /// Beyond this many words on both sides together the comparison would cost more than it tells, and what lies
    /// between the first and the last difference counts as changed.
    static let limit = 4_000

    init(_ old: String, _ new: String) {
        let left = Self.words(old)
        let right = Self.words(new)
        let start = zip(left, right).prefix { $0 == $1 }.count
        let end = zip(left.dropFirst(start).reversed(), right.dropFirst(start).reversed()).prefix { $0 == $1 }.count
        let inner = (left[start..<(left.count - end)], right[start..<(right.count - end)])
        var removed = Set(inner.0.indices)
        var inserted = Set(inner.1.indices)
        if inner.0.count + inner.1.count <= Self.limit {
            removed = []
            inserted = []
            for change in Array(inner.1).difference(from: Array(inner.0)) {
                switch change {
                case .remove(let offset, _, _): removed.insert(start + offset)
                case .insert(let offset, _, _): inserted.insert(start + offset)
                }
            }
        }
        self.old = Self.pieces(left, removed)
        self.new = Self.pieces(right, inserted)
    }

    /// Runs of letters and digits, runs of blanks, and every other character alone.
    static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        while start < text.endIndex {
            let kind = Kind(text[start])
            var end = text.index(after: start)
            while kind != .mark, end < text.endIndex, Kind(text[end]) == kind { end = text.index(after: end) }
            words.append(text[start..<end])
            start = end
        }
        return words
    }

    private enum Kind {
        case word, blank, mark

        init(_ character: Character) {
            if character.isLetter || character.isNumber || character == "_" {
                self = .word
            } else {
                self = character.isWhitespace ? .blank : .mark
            }
        }
    }

    private static func pieces(_ words: [Substring], _ changed: Set<Int>) -> [Piece] {
        var pieces: [Piece] = []
        for (index, word) in words.enumerated() {
            let isChanged = changed.contains(index)
            if let last = pieces.indices.last, pieces[last].isChanged == isChanged {
                pieces[last].text += word
            } else {
                pieces.append(Piece(text: String(word), isChanged: isChanged))
            }
        }
        return pieces
    }
}
