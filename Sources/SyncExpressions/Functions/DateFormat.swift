/// Dates by .NET's format strings, standard (one letter) and custom, in the invariant culture and UTC.
enum DateFormat {
    /// nil for a format that .NET refuses.
    static func format(_ date: DateTime, _ format: String) -> String? {
        let characters = Array(format.unicodeScalars)
        let civil = CivilDate(date)
        if characters.isEmpty { return custom(civil, "MM/dd/yyyy HH:mm:ss") }
        guard characters.count == 1 else { return custom(civil, format) }
        return standard[characters[0]].flatMap { custom(civil, $0) }
    }

    private static let standard: [Unicode.Scalar: String] = {
        let long = "dddd, dd MMMM yyyy"
        let sortable = "yyyy-MM-dd'T'HH:mm:ss"
        let rfc = "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"
        return [
            "d": "MM/dd/yyyy", "D": long, "f": long + " HH:mm", "F": long + " HH:mm:ss", "g": "MM/dd/yyyy HH:mm",
            "G": "MM/dd/yyyy HH:mm:ss", "m": "MMMM dd", "M": "MMMM dd", "o": sortable + ".fffffffK",
            "O": sortable + ".fffffffK", "r": rfc, "R": rfc, "s": sortable, "t": "HH:mm", "T": "HH:mm:ss",
            "u": "yyyy-MM-dd HH:mm:ss'Z'", "U": long + " HH:mm:ss", "y": "yyyy MMMM", "Y": "yyyy MMMM",
        ]
    }()

    private static func custom(_ date: CivilDate, _ format: String) -> String? {
        let characters = Array(format.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < characters.count {
            let character = characters[index]
            switch character {
            case "'", "\"":
                guard let end = quoted(characters, from: index, into: &result) else { return nil }
                index = end
            case "\\":
                guard index + 1 < characters.count else { return nil }
                result.append(characters[index + 1])
                index += 2
            case "%":
                guard index + 1 < characters.count, characters[index + 1] != "%" else { return nil }
                // Only the one character after it, even where more of the same follow.
                guard let part = custom(date, single(characters[index + 1])) else { return nil }
                result.append(contentsOf: part.unicodeScalars)
                index += 2
            default:
                let length = characters[index...].prefix { $0 == character }.count
                guard let text = element(character, length, date) else {
                    result.append(character)
                    index += 1
                    continue
                }
                guard !"fF".unicodeScalars.contains(character) || length <= 7 else { return nil }
                result.append(contentsOf: text.unicodeScalars)
                // A fraction of which nothing is left takes the point before it along.
                if character == "F", text.isEmpty, result.last == "." { result.removeLast() }
                index += length
            }
        }
        return String(result)
    }

    private static func single(_ character: Unicode.Scalar) -> String { String(String.UnicodeScalarView([character])) }

    private static func quoted(
        _ characters: [Unicode.Scalar], from start: Int, into result: inout String.UnicodeScalarView
    ) -> Int? {
        var index = start + 1
        while index < characters.count, characters[index] != characters[start] {
            if characters[index] == "\\" { index += 1 }
            guard index < characters.count else { return nil }
            result.append(characters[index])
            index += 1
        }
        return index < characters.count ? index + 1 : nil
    }

    /// nil for a character that stands for itself.
    private static func element(_ character: Unicode.Scalar, _ length: Int, _ date: CivilDate) -> String? {
        switch character {
        case "g": return "A.D."
        case "y": return padded(length <= 2 ? date.year % 100 : date.year, length)
        case "M": return length > 2 ? name(CivilDate.monthNames[date.month - 1], length) : padded(date.month, length)
        case "d": return length > 2 ? name(CivilDate.weekdayNames[date.weekday], length) : padded(date.day, length)
        case "H": return padded(date.hour, min(length, 2))
        case "h": return padded((date.hour + 11) % 12 + 1, min(length, 2))
        case "m": return padded(date.minute, min(length, 2))
        case "s": return padded(date.second, min(length, 2))
        case "t": return String((date.hour < 12 ? "AM" : "PM").prefix(length == 1 ? 1 : 2))
        case "f": return String(padded(date.fraction, 7).prefix(length))
        case "F":
            let digits = padded(date.fraction, 7).utf8.prefix(length)
            let kept = digits.reversed().drop { $0 == UInt8(ascii: "0") }.reversed()
            return String(decoding: Array(kept), as: UTF8.self)
        case "z": return length == 1 ? "+0" : length == 2 ? "+00" : "+00:00"
        case "K": return String(repeating: "Z", count: length)
        default: return nil
        }
    }

    private static func name(_ name: String, _ length: Int) -> String { length == 3 ? String(name.prefix(3)) : name }

    private static func padded(_ number: Int, _ length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
