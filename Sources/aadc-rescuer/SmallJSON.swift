/// Just enough JSON to read a lease.
indirect enum SmallJSON: Equatable {
    case null
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([SmallJSON])
    case object([String: SmallJSON])

    subscript(_ key: String) -> SmallJSON? { if case .object(let members) = self { members[key] } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var number: Int? { if case .number(let value) = self { value } else { nil } }
    var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
    var texts: [String]? {
        guard case .list(let elements) = self else { return nil }
        let texts = elements.compactMap(\.text)
        return texts.count == elements.count ? texts : nil
    }

    static func parse(_ bytes: [UInt8]) -> SmallJSON? {
        var reader = Reader(bytes: bytes)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.space()
        return reader.position == bytes.count ? value : nil
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        mutating func space() {
            while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
        }

        mutating func take(_ character: Character) -> Bool {
            space()
            guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func word(_ text: String, _ value: SmallJSON) -> SmallJSON? {
            guard bytes[position...].starts(with: text.utf8) else { return nil }
            position += text.utf8.count
            return value
        }

        mutating func value(depth: Int) -> SmallJSON? {
            space()
            guard depth < 16, position < bytes.count else { return nil }
            switch Character(Unicode.Scalar(bytes[position])) {
            case "{": return object(depth)
            case "[": return list(depth)
            case "\"": return string().map { .text($0) }
            case "t": return word("true", .flag(true))
            case "f": return word("false", .flag(false))
            case "n": return word("null", .null)
            default: return number()
            }
        }

        mutating func object(_ depth: Int) -> SmallJSON? {
            guard take("{") else { return nil }
            var members: [String: SmallJSON] = [:]
            if take("}") { return .object(members) }
            repeat {
                space()
                guard let key = string(), take(":"), let value = value(depth: depth + 1) else { return nil }
                members[key] = value
            } while take(",")
            return take("}") ? .object(members) : nil
        }

        mutating func list(_ depth: Int) -> SmallJSON? {
            guard take("[") else { return nil }
            var elements: [SmallJSON] = []
            if take("]") { return .list(elements) }
            repeat {
                guard let value = value(depth: depth + 1) else { return nil }
                elements.append(value)
            } while take(",")
            return take("]") ? .list(elements) : nil
        }

        mutating func number() -> SmallJSON? {
            let start = position
            while position < bytes.count, bytes[position] == 0x2D || (0x30...0x39).contains(bytes[position]) {
                position += 1
            }
            return Int(String(decoding: bytes[start..<position], as: UTF8.self)).map { .number($0) }
        }

        mutating func string() -> String? {
            guard take("\"") else { return nil }
            var content: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte == 0x22 { return String(decoding: content, as: UTF8.self) }
                if byte != 0x5C {
                    content.append(byte)
                    continue
                }
                guard position < bytes.count else { return nil }
                // Paths and names of a lease need no other escapes; an unknown one makes the lease unreadable.
                switch Character(Unicode.Scalar(bytes[position])) {
                case "\"", "\\", "/": content.append(bytes[position])
                case "n": content.append(0x0A)
                case "t": content.append(0x09)
                case "r": content.append(0x0D)
                default: return nil
                }
                position += 1
            }
            return nil
        }
    }
}
