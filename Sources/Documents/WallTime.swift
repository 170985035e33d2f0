/// A moment of the wall clock, in whole milliseconds since 1970-01-01T00:00:00Z, written as RFC 3339 in UTC.
public struct WallTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public init(seconds: Int) { milliseconds = Int64(seconds) * 1000 }

    /// Year, month and day in UTC.
    public var day: (year: Int, month: Int, day: Int) {
        Self.civil(Int((Double(milliseconds) / 86_400_000).rounded(.down)))
    }

    /// Reads `YYYY-MM-DDThh:mm:ss[.fff]Z`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                return nil
            }
            return Int(String(decoding: bytes[range], as: UTF8.self))
        }
        guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction = 0
        if bytes.count == 24 {
            guard bytes[19] == UInt8(ascii: "."), let thousandths = number(20..<23) else { return nil }
            fraction = thousandths
        }
        let days = Self.days(year, month, day)
        guard Self.civil(days) == (year, month, day) else { return nil }
        milliseconds = (Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)) * 1000 + Int64(fraction)
    }

    public var description: String {
        let (days, rest) = Self.floorDivide(milliseconds, 86_400_000)
        let (year, month, day) = Self.civil(Int(days))
        let seconds = Int(rest / 1000)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let yearText = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        let time = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        let fraction = Int(rest % 1000)
        let tail =
            fraction == 0 ? "" : "." + String(repeating: "0", count: 3 - String(fraction).count) + String(fraction)
        return "\(yearText)-\(two(month))-\(two(day))T\(time)\(tail)Z"
    }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }
    public static func + (time: WallTime, seconds: Int) -> WallTime {
        WallTime(milliseconds: time.milliseconds + Int64(seconds) * 1000)
    }
    /// Seconds from `earlier` to `later`, whole, towards zero.
    public static func - (later: WallTime, earlier: WallTime) -> Int {
        Int((later.milliseconds - earlier.milliseconds) / 1000)
    }

    /// Midnight of a day of the calendar; nil where there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...31).contains(day), (0...9999).contains(year) else { return nil }
        let days = Self.days(year, month, day)
        guard Self.civil(days) == (year, month, day) else { return nil }
        milliseconds = Int64(days) * 86_400_000
    }

    private static func floorDivide(_ number: Int64, _ by: Int64) -> (Int64, Int64) {
        let quotient = number >= 0 ? number / by : -((by - 1 - number) / by)
        return (quotient, number - quotient * by)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar. The year begins in March, so that the leap day is its
    /// last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
