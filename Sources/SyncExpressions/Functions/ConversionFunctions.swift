/// Functions from one type to another.
enum ConversionFunctions {
    static let all = [
        cBool, cNum, cBin, cStr, cRef, cDate, cGuid, stringFromGuid, stringFromSid, convertToBase64,
        convertFromBase64, convertToUTF8Hex, convertFromUTF8Hex,
    ]

    // MARK: Simple types

    /// Absent is False: shipped rules give it `NULL` in a chain of conditions.
    private static let cBool = FunctionDefinition("CBool", [.one(.any)], gives: .boolean, nulls: .arePassed) {
        (given) throws(EvaluationError) in
        switch given[0] {
        case .null: return .boolean(false)
        case .boolean(let boolean): return .boolean(boolean)
        case .number(let number): return .boolean(number != 0)
        case .string(let text):
            let word = UTF16Text.trimmed(text).lowercased()
            if word == "true" || word == "false" { return .boolean(word == "true") }
            if let number = number(in: text) { return .boolean(number != 0) }
            throw given.wrong(0, "True, False or a number")
        default: throw given.wrong(0, "True, False or a number")
        }
    }

    private static let cNum = FunctionDefinition("CNum", [.one(.any)], gives: .number) {
        (given) throws(EvaluationError) in
        guard let number = number(of: given[0]) else {
            throw given.wrong(0, "whole decimal digits, or binary of 1 to 8 bytes")
        }
        return .number(number)
    }

    /// What CNum accepts. Binary values are little-endian and without sign: shipped rules read lengths so.
    static func number(of value: Value) -> Int64? {
        switch value {
        case .number(let number): return number
        case .string(let text): return number(in: text)
        case .binary(let bytes) where (1...8).contains(bytes.count):
            return Int64(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// As Int64.Parse of .NET: blanks around and a sign before are allowed, nothing else.
    private static func number(in text: String) -> Int64? {
        let digits = UTF16Text.trimmed(text)
        return digits.utf8.allSatisfy({ $0 < 0x80 }) ? Int64(digits) : nil
    }

    /// The lowest bytes of a number, little-endian.
    private static let cBin = FunctionDefinition("CBin", [.one(.number), .one(.number)], gives: .binary) {
        (given) throws(EvaluationError) in
        let number = try given.number(0)
        let width = try given.number(1)
        guard (1...8).contains(width) else { throw given.wrong(1, "a width from 1 to 8 bytes") }
        let bytes = (0..<Int(width)).map { UInt8(truncatingIfNeeded: number >> Int64($0 * 8)) }
        let isWhole = width == 8 || (number >= 0 && number < 1 << (width * 8))
        guard isWhole else { throw given.wrong(0, "a number that fits \(width) bytes") }
        return .binary(bytes)
    }

    private static let cStr = FunctionDefinition("CStr", [.one(.any)], gives: .string) {
        (given) throws(EvaluationError) in
        guard let text = text(of: given[0]) else {
            throw given.wrong(
                0,
                "a number, a reference, True or False; StringFromGuid, ConvertToBase64 and FormatDateTime take others")
        }
        return .string(text)
    }

    /// What CStr accepts.
    static func text(of value: Value) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): String(number)
        case .boolean(let boolean): boolean ? "True" : "False"
        case .reference(let reference): reference.name
        default: nil
        }
    }

    private static let cRef = FunctionDefinition("CRef", [.one(.any)], gives: .reference) {
        (given) throws(EvaluationError) in
        switch given[0] {
        case .reference: given[0]
        case .string(let text): .reference(Reference(name: text))
        default: throw given.wrong(0, "a string with a distinguished name")
        }
    }

    private static let cDate = FunctionDefinition("CDate", [.one(.any)], gives: .date) {
        (given) throws(EvaluationError) in
        guard let date = date(of: given[0]) else {
            throw given.wrong(0, "a date such as 2013-01-10, 01/10/2013 4:00 PM or 2013-01-10T16:00:00-08:00")
        }
        return .date(date)
    }

    /// What CDate accepts.
    static func date(of value: Value) -> DateTime? {
        switch value {
        case .date(let date): date
        case .string(let text): DateReader.read(text)
        default: nil
        }
    }

    // MARK: Identifiers

    private static let cGuid = FunctionDefinition("CGuid", [.one(.string)], gives: .binary) {
        (given) throws(EvaluationError) in
        guard let bytes = GUIDText.parse(try given.text(0)) else {
            throw given.wrong(0, "a GUID of 32 hexadecimal digits with hyphens")
        }
        return .binary(bytes)
    }

    private static let stringFromGuid = FunctionDefinition("StringFromGuid", [.one(.binary)], gives: .string) {
        (given) throws(EvaluationError) in
        let bytes = try given.bytes(0)
        guard bytes.count == 16 else { throw given.wrong(0, "the 16 bytes of a GUID") }
        return .string(GUIDText.format(bytes))
    }

    /// Revision, number of sub-authorities, six bytes of authority (big-endian), sub-authorities of four bytes (little-endian).
    private static let stringFromSid = FunctionDefinition("StringFromSid", [.one(.binary)], gives: .string) {
        (given) throws(EvaluationError) in
        let bytes = try given.bytes(0)
        guard bytes.count >= 8, bytes[0] == 1, bytes[1] <= 15, bytes.count == 8 + 4 * Int(bytes[1]) else {
            throw given.wrong(0, "a security identifier of revision 1")
        }
        let authority = bytes[2..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let parts = stride(from: 8, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return .string("S-1-\(authority)" + parts.map { "-\($0)" }.joined())
    }

    // MARK: Encodings

    enum Encoding: String, CaseIterable {
        case utf16 = "Unicode"
        case ascii = "ASCII"
        case utf8 = "UTF8"
    }

    /// Strings as UTF-16LE, binary values as they are.
    private static let convertToBase64 = FunctionDefinition("ConvertToBase64", [.one(.any)], gives: .string) {
        (given) throws(EvaluationError) in
        switch given[0] {
        case .string(let text):
            return .string(Base64.encode(text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }))
        case .binary(let bytes): return .string(Base64.encode(bytes))
        default: throw given.wrong(0, "a string or a binary value")
        }
    }

    private static let convertFromBase64 = FunctionDefinition(
        "ConvertFromBase64", [.one(.string), .one(.string).optional], gives: .string
    ) { (given) throws(EvaluationError) in
        guard let bytes = Base64.decode(try given.text(0)) else { throw given.wrong(0, "Base64") }
        switch try given.word(1, default: Encoding.utf16) {
        case .utf8: return .string(String(decoding: bytes, as: UTF8.self))
        // As .NET: what is not ASCII becomes a question mark.
        case .ascii: return .string(String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self))
        case .utf16:
            var units = stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
            }
            if !bytes.count.isMultiple(of: 2) { units.append(0xFFFD) }
            return .string(String(decoding: units, as: UTF16.self))
        }
    }

    private static let convertToUTF8Hex = FunctionDefinition.ofText("ConvertToUTF8Hex") { Hexadecimal.upper($0.utf8) }

    private static let convertFromUTF8Hex = FunctionDefinition("ConvertFromUTF8Hex", [.one(.string)], gives: .string) {
        (given) throws(EvaluationError) in
        guard let bytes = Hexadecimal.bytes(Array(try given.text(0).utf8)) else {
            throw given.wrong(0, "pairs of hexadecimal digits")
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }
}
