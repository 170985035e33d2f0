import Testing

@testable import SyncExpressions

@Suite("Functions from one type to another")
struct FunctionsConversionTests {
    @Test(
        "give what the documents' examples show",
        arguments: [
            Call("ConvertToBase64", "Hello world!", gives: "SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
            Call("ConvertFromBase64", "SABlAGwAbABvACAAdwBvAHIAbABkACEA", gives: "Hello world!"),
            Call("ConvertFromBase64", "SGVsbG8gd29ybGQh", "UTF8", gives: "Hello world!"),
            Call("ConvertToUTF8Hex", "Hello world!", gives: "48656C6C6F20776F726C6421"),
            Call("ConvertFromUTF8Hex", "48656C6C6F20776F726C6421", gives: "Hello world!"),
            Call("CStr", reference("cn=Joe,dc=contoso,dc=com"), gives: "cn=Joe,dc=contoso,dc=com"),
            Call("CRef", "cn=Joe,dc=contoso,dc=com", gives: reference("cn=Joe,dc=contoso,dc=com")),
            Call("CBool", true, gives: true), Call("CBool", 0, gives: false),
            Call("CBool", -2_147_483_648, gives: true),
        ])
    func documented(_ call: Call) throws { try call.check() }

    @Test(
        "convert what else they take",
        arguments: [
            Call("CBool", .null, gives: false), Call("CBool", "true", gives: true),
            Call("CBool", " FALSE ", gives: false),
            Call("CBool", "0", gives: false), Call("CBool", "12", gives: true),
            Call("CNum", 5, gives: 5), Call("CNum", "-7", gives: -7), Call("CNum", bytes("2000"), gives: 32),
            Call("CNum", bytes("FFFFFFFFFFFFFF7F"), gives: .number(.max)), Call("CNum", bytes("80"), gives: 128),
            Call("CStr", "text", gives: "text"), Call("CStr", -5, gives: "-5"), Call("CStr", true, gives: "True"),
            Call("CRef", reference("cn=A"), gives: reference("cn=A")),
            Call("CBin", 32, 2, gives: bytes("2000")), Call("CBin", 2, 1, gives: bytes("02")),
            Call("CBin", 255, 1, gives: bytes("FF")),
            Call("CBin", -1, 8, gives: bytes("FFFFFFFFFFFFFFFF")), Call("CBin", 258, 4, gives: bytes("02010000")),
            Call("ConvertToBase64", bytes(""), gives: ""), Call("ConvertToBase64", "", gives: ""),
            Call("ConvertToBase64", bytes("000102030405060708090A0B0C0D0E0F"), gives: "AAECAwQFBgcICQoLDA0ODw=="),
            Call("ConvertFromBase64", "w6k=", "utf8", gives: "é"),
            Call("ConvertFromBase64", "w6k=", "ASCII", gives: "??"),
            Call("ConvertFromBase64", "6QA=", .null, gives: "é"), Call("ConvertFromUTF8Hex", "c3a9", gives: "é"),
            Call(
                "StringFromSid", bytes("010500000000000515000000A065CF177E3A5D25843C3B0B00020000"),
                gives: "S-1-5-21-399467936-626866814-188431492-512"),
            Call("StringFromSid", bytes("0100000000000005"), gives: "S-1-5"),
            Call(
                "StringFromGuid", bytes("33221100554477668899AABBCCDDEEFF"),
                gives: "00112233-4455-6677-8899-aabbccddeeff"),
        ])
    func conversions(_ call: Call) throws { try call.check() }

    @Test(
        "give nothing for what is absent",
        arguments: [
            "CNum", "CStr", "CRef", "CDate", "CGuid", "StringFromGuid", "StringFromSid", "ConvertToBase64",
            "ConvertFromBase64",
            "ConvertToUTF8Hex", "ConvertFromUTF8Hex",
        ])
    func absent(_ name: String) throws { #expect(try call(name, .null) == .null) }

    @Test("CBin gives nothing where its number or its width is absent")
    func absentWidth() throws {
        #expect(try call("CBin", .null, 2) == .null)
        #expect(try call("CBin", 2, .null) == .null)
    }

    @Test("A GUID written and read again is the same", arguments: 0..<50)
    func guids(_ seed: Int) throws {
        let written = try call("GUID") { bound in UInt64(seed) * 7 % bound }
        #expect(try call("StringFromGuid", call("CGuid", written)) == written)
        #expect(try call("IsGuid", written) == true)
    }

    @Test("Base64 of any bytes is read again as they were", arguments: 0..<40)
    func base64(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("CBool", "yes", says: "True, False or a number"),
            RefusedCall("CBool", "", says: "True, False or a number"),
            RefusedCall("CBool", bytes("01"), says: "a binary value of 1 bytes"),
            RefusedCall("CNum", "1.5", says: "whole decimal digits"),
            RefusedCall("CNum", "&HFF", says: "the string \"&HFF\""),
            RefusedCall("CNum", bytes(""), says: "binary of 1 to 8 bytes"),
            RefusedCall("CNum", bytes("FFFFFFFFFFFFFFFF"), says: "binary"),
            RefusedCall("CNum", true, says: "argument 1 is True"),
            RefusedCall("CStr", bytes("00"), says: "StringFromGuid"),
            RefusedCall("CStr", .date(someDate), says: "FormatDateTime"),
            RefusedCall("CRef", 5, says: "a distinguished name"), RefusedCall("CDate", "soon", says: "2013-01-10"),
            RefusedCall("CDate", 5, says: "a date such as"),
            RefusedCall("CGuid", "00112233", says: "32 hexadecimal digits"),
            RefusedCall("CGuid", 5, says: "expected a string"),
            RefusedCall("CGuid", "00112233445566778899aabbccddeeff", says: "hyphens"),
            RefusedCall("CBin", 5, 0, says: "a width from 1 to 8"),
            RefusedCall("CBin", 5, 9, says: "a width from 1 to 8"),
            RefusedCall("CBin", 256, 1, says: "fits 1 bytes"), RefusedCall("CBin", -1, 2, says: "fits 2 bytes"),
            RefusedCall("StringFromGuid", bytes("00"), says: "the 16 bytes of a GUID"),
            RefusedCall("StringFromSid", bytes("0101"), says: "revision 1"),
            RefusedCall("StringFromSid", bytes("0200000000000005"), says: "revision 1"),
            RefusedCall("StringFromSid", "S-1-5", says: "a binary value"),
            RefusedCall("ConvertToBase64", 5, says: "a string or a binary value"),
            RefusedCall("ConvertFromBase64", "###", says: "Base64"),
            RefusedCall("ConvertFromBase64", "AA==", "UTF7", says: "Unicode or ASCII or UTF8"),
            RefusedCall("ConvertFromUTF8Hex", "ABC", says: "pairs"),
            RefusedCall("ConvertFromUTF8Hex", "GG", says: "pairs"),
            RefusedCall("ConvertToUTF8Hex", 5, says: "expected a string"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }
}

@Suite("Functions on dates")
struct FunctionsDateTests {
    private static func date(_ text: String) throws -> Value { try call("CDate", .string(text)) }

    @Test("give what the documents' examples show")
    func documented() throws {
        #expect(try Self.date("2013-01-10 4:00 PM -8") == Self.date("2013-01-11 12:00 AM"))
        #expect(try call("DateAdd", "m", 3, Self.date("2001-01-01")) == Self.date("2001-04-01"))
        #expect(try call("DateFromNum", 129_699_324_000_000_000) == Self.date("2012-01-01 23:00:00"))
        #expect(try call("NumFromDate", Self.date("2012-01-01 23:00:00")) == 129_699_324_000_000_000)
        #expect(try call("FormatDateTime", Self.date("12/25/2007"), "yyyy-MM-dd") == "2007-12-25")
        #expect(try call("FormatDateTime", .date(someDate), "yyyyMMddHHmmss.0Z") == "20140905081453.0Z")
        #expect(try call("Now") == .date(someDate))
    }

    @Test(
        "keep to the month's last day",
        arguments: [
            ("2012-01-31", "m", 1, "2012-02-29"), ("2013-01-31", "m", 1, "2013-02-28"),
            ("2012-02-29", "yyyy", 1, "2013-02-28"),
            ("2012-11-30", "q", 1, "2013-02-28"), ("2012-03-31", "m", -1, "2012-02-29"),
            ("2012-12-31", "ww", 1, "2013-01-07"),
            ("2012-12-31", "w", 1, "2013-01-01"), ("2012-12-31", "y", -366, "2011-12-31"),
        ])
    func months(_ start: String, _ unit: String, _ count: Int64, _ end: String) throws {
        #expect(try call("DateAdd", .string(unit), .number(count), Self.date(start)) == Self.date(end))
    }

    /// A whole cycle of 400 years, and the first and the last years.
    @Test("Every day is told apart and counted right", arguments: [0..<800, 584_300..<731_000, 3_651_300..<3_652_059])
    func days(_ days: Range<Int64>) {
        var previous = CivilDate(DateTime(ticks: days.lowerBound * CivilDate.ticksPerDay))
        for day in days.dropFirst() {
            let civil = CivilDate(DateTime(ticks: day * CivilDate.ticksPerDay))
            let isNext = civil.month == previous.month ? civil.day == previous.day + 1 : civil.day == 1
            if !isNext || civil.weekday != (previous.weekday + 1) % 7
                || CivilDate.date(civil.year, civil.month, civil.day)?.ticks != day * CivilDate.ticksPerDay
            {
                Issue.record("day \(day) is \(civil)")
                return
            }
            previous = civil
        }
        if days.upperBound * CivilDate.ticksPerDay == CivilDate.endOfTime {
            #expect((previous.year, previous.month, previous.day, previous.weekday) == (9_999, 12, 31, 5))
        }
    }

    @Test(
        "give nothing for what is absent",
        arguments: [
            Call("DateAdd", "d", 1, .null, gives: .null), Call("DateAdd", "d", .null, .date(someDate), gives: .null),
            Call("DateFromNum", .null, gives: .null), Call("NumFromDate", .null, gives: .null),
            Call("FormatDateTime", .null, "d", gives: .null),
        ])
    func absent(_ call: Call) throws { try call.check() }

    @Test(
        "What would be filled up from today's date is no date",
        arguments: ["16:00", "4 PM", "Jan 10", "1/10", "10 January", "Friday"])
    func today(_ text: String) throws { #expect(try call("IsDate", .string(text)) == false) }

    @Test(
        "No text makes the reader fail otherwise than by saying no",
        arguments: [
            "-", "1-", "1:", ":1", "1:2:", "1:2:3.", "99999999999999999999", "1/1/99999999999999999999", "T",
            "2013-01-10T", "Z", "+", "+1",
            "1/1/2013 +", "1/1/2013 1:00 -", "1/1/2013 1:00:00.99999999999999999999999999", "1/1/1 -99999999999999",
            "😀", "1.1.1.1.1.1", "am", "PM 4",
        ])
    func garbage(_ text: String) throws {
        let isDate = try call("IsDate", .string(text)) == true
        #expect(isDate == text.hasSuffix("99999999999999999999999999"))
    }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("DateAdd", "x", 1, .date(someDate), says: "one of yyyy, q, m"),
            RefusedCall("DateAdd", "M", 1, .date(someDate), says: "one of yyyy"),
            RefusedCall("DateAdd", "yyyy", 9_000, .date(someDate), says: "years 1 to 9999"),
            RefusedCall("DateAdd", "ww", .number(.max), .date(someDate), says: "years 1 to 9999"),
            RefusedCall("DateAdd", "q", .number(.min), .date(someDate), says: "years 1 to 9999"),
            RefusedCall("DateAdd", "d", 1, "2013-01-10", says: "expected a date"),
            RefusedCall("DateFromNum", .number(.max), says: "ticks since 1601"),
            RefusedCall("DateFromNum", -1, says: "ticks since 1601"),
            RefusedCall("NumFromDate", .date(DateTime(ticks: 5)), says: "before 1601"),
            RefusedCall("NumFromDate", "2013-01-10", says: "expected a date"),
            RefusedCall("FormatDateTime", .date(someDate), "'", says: "a .NET date format"),
            RefusedCall("FormatDateTime", "2013-01-10", "d", says: "expected a date"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }
}
