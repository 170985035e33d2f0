/// A shell-style pattern of target paths: `*`, `?`, `[…]` and `[!…]`, none of which matches a slash (specification, 4.5).
struct PathPattern {
    private let segments: [[Element]]

    private enum Element: Equatable {
        case anything
        case anyOne
        case literal(Unicode.Scalar)
        case set([ClosedRange<Unicode.Scalar>], isInverted: Bool)

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .anything, .anyOne: true
            case .literal(let wanted): scalar == wanted
            case .set(let ranges, let isInverted): ranges.contains { $0.contains(scalar) } != isInverted
            }
        }
    }

    init(_ text: String) { segments = Self.split(text).map { Self.elements(Array($0)) } }

    func matches(_ path: String) -> Bool {
        let parts = Self.split(path)
        return parts.count == segments.count && zip(segments, parts).allSatisfy { Self.matches($0, Array($1)) }
    }

    /// By code points: a letter is compared as it is spelled.
    private static func split(_ text: String) -> [Substring.UnicodeScalarView] {
        text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func elements(_ scalars: [Unicode.Scalar]) -> [Element] {
        var elements: [Element] = []
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            switch scalar {
            // Several in a row mean what one does.
            case "*": if elements.last != .anything { elements.append(.anything) }
            case "?": elements.append(.anyOne)
            case "[":
                // Without its end it is an ordinary character.
                guard let end = endOfSet(scalars, from: index) else {
                    elements.append(.literal(scalar))
                    continue
                }
                elements.append(set(scalars[index..<end]))
                index = end + 1
            default: elements.append(.literal(scalar))
            }
        }
        return elements
    }

    /// A bracket that stands first belongs to the set.
    private static func endOfSet(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        if index < scalars.count, scalars[index] == "!" { index += 1 }
        if index < scalars.count, scalars[index] == "]" { index += 1 }
        return scalars[min(index, scalars.count)...].firstIndex(of: "]")
    }

    private static func set(_ content: ArraySlice<Unicode.Scalar>) -> Element {
        let isInverted = content.first == "!"
        var rest = isInverted ? content.dropFirst() : content
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let first = rest.popFirst() {
            guard rest.count >= 2, rest.first == "-" else {
                ranges.append(first...first)
                continue
            }
            rest.removeFirst()
            // A range that runs backwards holds nothing.
            if let last = rest.popFirst(), first <= last { ranges.append(first...last) }
        }
        return .set(ranges, isInverted: isInverted)
    }

    /// Never tries more than pattern times text: after a failure it is enough to move the last star on.
    private static func matches(_ pattern: [Element], _ text: [Unicode.Scalar]) -> Bool {
        var (place, position) = (0, 0)
        var lastStar: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == .anything {
                lastStar = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place].matches(text[position]) {
                place += 1
                position += 1
            } else if let star = lastStar {
                lastStar = (star.place, star.position + 1)
                place = star.place + 1
                position = star.position + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == .anything }
    }
}
