/// Dates in texts, read as DateTime.Parse of .NET reads them in the invariant culture, where that depends on nothing but the text.
///
/// A date may be `2013-01-10`, `1/10/2013` (month first), `10 Jan 2013`, `January 10, 2013`, `2013-01` or `Jan 2013`; a weekday that
/// does not fit is an error. A time of day and an offset may follow; without an offset the time is UTC. What .NET fills up from today's
/// date (`16:00`, `Jan 10`) is refused: the result would change from day to day.
struct DateReader {
    static func read(_ text: String) -> DateTime? {
        guard let tokens = tokens(text) else { return nil }
        var reader = DateReader(tokens: tokens)
        return reader.read()
    }

    private enum Token: Equatable {
        case number(Int, digits: Int)
        case word(String)
        case symbol(UInt8)
    }

    private let tokens: [Token]
    private var index = 0
    private var numbers: [(value: Int, digits: Int)] = []
    private var month: Int?
    private var weekday: Int?
    private var time: Int64?
    private var isAfterTime = false
    private var offset: Int64?

    private init(tokens: [Token]) { self.tokens = tokens }

    /// nil where something stands that no date has.
    private static func tokens(_ text: String) -> [Token]? {
        var tokens: [Token] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first {
            switch byte {
            case 0x30...0x39:
                let digits = bytes.prefix { (0x30...0x39).contains($0) }
                // Fractions are read from up to fifteen digits; more would not change a tick.
                tokens.append(.number(digits.prefix(15).reduce(0) { $0 * 10 + Int($1 - 0x30) }, digits: digits.count))
                bytes = bytes.dropFirst(digits.count)
            case 0x41...0x5A, 0x61...0x7A:
                let letters = bytes.prefix { (0x61...0x7A).contains($0 | 0x20) }
                tokens.append(.word(String(decoding: letters.map { $0 | 0x20 }, as: UTF8.self)))
                bytes = bytes.dropFirst(letters.count)
            case 0x20, 0x09...0x0D: bytes = bytes.dropFirst()
            case _ where "-/.,:+".utf8.contains(byte):
                tokens.append(.symbol(byte))
                bytes = bytes.dropFirst()
            default: return nil
            }
        }
        return tokens
    }

    private func symbol(_ character: Unicode.Scalar, at index: Int) -> Bool {
        index < tokens.count && tokens[index] == .symbol(UInt8(ascii: character))
    }

    private func number(at index: Int) -> (value: Int, digits: Int)? {
        guard index < tokens.count, case .number(let value, let digits) = tokens[index] else { return nil }
        return (value, digits)
    }

    private var isDateComplete: Bool { numbers.count == 3 || (month != nil && numbers.count == 2) }

    private mutating func read() -> DateTime? {
        while index < tokens.count {
            let isRead: Bool
            switch tokens[index] {
            case .number: isRead = readNumber()
            case .word(let word): isRead = readWord(word)
            case .symbol(let symbol): isRead = readSymbol(symbol)
            }
            guard isRead else { return nil }
        }
        return date()
    }

    private mutating func readNumber() -> Bool {
        guard let first = number(at: index) else { return false }
        if symbol(":", at: index + 1) { return readTime() }
        if index + 1 < tokens.count, [.word("am"), .word("pm")].contains(tokens[index + 1]) { return readTime() }
        numbers.append(first)
        isAfterTime = false
        index += 1
        return numbers.count <= 3
    }

    private mutating func readWord(_ word: String) -> Bool {
        index += 1
        func place(_ names: [String]) -> Int? {
            names.firstIndex { $0.lowercased() == word || $0.lowercased().prefix(3) == word }
        }
        if let found = place(CivilDate.monthNames) {
            guard month == nil, numbers.count <= 1 else { return false }
            month = found + 1
            return true
        }
        if let found = place(CivilDate.weekdayNames) {
            guard weekday == nil else { return false }
            weekday = found
            return true
        }
        switch word {
        case "t": return isDateComplete && time == nil && number(at: index) != nil && symbol(":", at: index + 1)
        case "z", "gmt":
            guard offset == nil, isDateComplete || time != nil else { return false }
            offset = 0
            return true
        default: return false
        }
    }

    private mutating func readSymbol(_ symbol: UInt8) -> Bool {
        let isZone = (isAfterTime || isDateComplete) && number(at: index + 1) != nil
        switch symbol {
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            if isZone { return readOffset(isBehind: symbol == UInt8(ascii: "-")) }
            if symbol == UInt8(ascii: "+") { return false }
        case UInt8(ascii: ":"): return false
        default: break
        }
        guard index > 0, index + 1 < tokens.count else { return false }
        if case .symbol = tokens[index + 1] { return false }
        index += 1
        return true
    }

    /// `4:00`, `16:00:00.5`, `4 PM`.
    private mutating func readTime() -> Bool {
        guard time == nil, var hour = number(at: index)?.value else { return false }
        index += 1
        var minute = 0
        var second = 0
        var fraction: Int64 = 0
        if symbol(":", at: index) {
            guard let value = number(at: index + 1)?.value else { return false }
            minute = value
            index += 2
            if symbol(":", at: index) {
                guard let value = number(at: index + 1)?.value else { return false }
                second = value
                index += 2
                if symbol(".", at: index), let (value, digits) = number(at: index + 1) {
                    fraction = Self.ticks(value, digits)
                    index += 2
                }
            }
        }
        if index < tokens.count, case .word(let word) = tokens[index], word == "am" || word == "pm" {
            if word == "am", hour > 12 { return false }
            if word == "am", hour == 12 { hour = 0 }
            if word == "pm", hour < 12 { hour += 12 }
            index += 1
        }
        guard hour < 24, minute < 60, second < 60 else { return false }
        time = Int64(hour * 3_600 + minute * 60 + second) * CivilDate.ticksPerSecond + fraction
        isAfterTime = true
        return true
    }

    /// The nearest tick.
    private static func ticks(_ value: Int, _ digits: Int) -> Int64 {
        var scale = 1
        for _ in 0..<min(digits, 15) { scale *= 10 }
        let (quotient, rest) = scale.dividingFullWidth(value.multipliedFullWidth(by: 10_000_000))
        return Int64(quotient) + (rest * 2 >= scale ? 1 : 0)
    }

    /// `+2`, `-08`, `+0530`, `+5:30`: up to fourteen hours.
    private mutating func readOffset(isBehind: Bool) -> Bool {
        guard offset == nil, let (value, digits) = number(at: index + 1) else { return false }
        index += 2
        var minutes: Int
        switch digits {
        case 1, 2:
            minutes = value * 60
            if symbol(":", at: index) {
                guard let (more, _) = number(at: index + 1), more < 60 else { return false }
                minutes += more
                index += 2
            }
        case 3, 4:
            guard value % 100 < 60 else { return false }
            minutes = value / 100 * 60 + value % 100
        default: return false
        }
        guard minutes <= 14 * 60 else { return false }
        offset = Int64(isBehind ? -minutes : minutes)
        isAfterTime = false
        return true
    }

    private func date() -> DateTime? {
        guard let (year, month, day) = yearMonthDay(), year.digits <= 4, month.digits <= 2, day.digits <= 2 else {
            return nil
        }
        // Two digits mean 1930 to 2029.
        let fullYear = year.digits > 2 ? year.value : year.value + (year.value < 30 ? 2_000 : 1_900)
        guard let date = CivilDate.date(fullYear, month.value, day.value, ticks: time ?? 0) else { return nil }
        if let weekday, CivilDate(date).weekday != weekday { return nil }
        return date.adding(ticks: -(offset ?? 0) * 60 * CivilDate.ticksPerSecond)
    }

    private typealias Digits = (value: Int, digits: Int)

    private func yearMonthDay() -> (Digits, Digits, Digits)? {
        let first: Digits = (1, 1)
        let named: Digits? = month.map { ($0, 1) }
        switch (numbers.count, named) {
        case (3, nil):
            let isYearFirst = numbers[0].digits > 2
            return isYearFirst ? (numbers[0], numbers[1], numbers[2]) : (numbers[2], numbers[0], numbers[1])
        case (2, nil) where numbers[0].digits > 2: return (numbers[0], numbers[1], first)
        case (2, nil) where numbers[1].digits > 2: return (numbers[1], numbers[0], first)
        case (2, let month?):
            let isYearFirst = numbers[0].digits > 2
            return isYearFirst ? (numbers[0], month, numbers[1]) : (numbers[1], month, numbers[0])
        case (1, let month?) where numbers[0].digits > 2: return (numbers[0], month, first)
        default: return nil
        }
    }
}
