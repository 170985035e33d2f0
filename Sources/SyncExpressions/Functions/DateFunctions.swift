/// Functions on dates, which are instants in UTC.
enum DateFunctions {
    static let all = [dateAdd, dateFromNum, numFromDate, formatDateTime, now]

    /// Months and years keep the day, or take the month's last; `y`, `d` and `w` all mean days, as in VB.
    private static let dateAdd = FunctionDefinition(
        "DateAdd", [.one(.string), .one(.number), .one(.date)], gives: .date
    ) { (given) throws(EvaluationError) in
        let count = try given.number(1)
        let date = try given.date(2)
        let result: DateTime?
        switch try given.text(0) {
        case "yyyy": result = months(date, count, 12)
        case "q": result = months(date, count, 3)
        case "m": result = months(date, count, 1)
        case "y", "d", "w": result = seconds(date, count, 86_400)
        case "ww": result = seconds(date, count, 7 * 86_400)
        case "h": result = seconds(date, count, 3_600)
        case "n": result = seconds(date, count, 60)
        case "s": result = seconds(date, count, 1)
        default: throw given.wrong(0, "one of yyyy, q, m, y, d, w, ww, h, n, s")
        }
        guard let result else { throw given.failure("the result is not within the years 1 to 9999") }
        return .date(result)
    }

    private static func months(_ date: DateTime, _ count: Int64, _ factor: Int64) -> DateTime? {
        let (months, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : CivilDate(date).adding(months: months)
    }

    private static func seconds(_ date: DateTime, _ count: Int64, _ factor: Int64) -> DateTime? {
        let (ticks, overflow) = count.multipliedReportingOverflow(by: factor * CivilDate.ticksPerSecond)
        return overflow ? nil : date.adding(ticks: ticks)
    }

    /// Windows file time. The largest number, by which directories say "never", is no date: an error, as in .NET.
    private static let dateFromNum = FunctionDefinition("DateFromNum", [.one(.number)], gives: .date) {
        (given) throws(EvaluationError) in
        let number = try given.number(0)
        guard number >= 0, let date = DateTime(ticks: CivilDate.fileTimeStart).adding(ticks: number) else {
            throw given.wrong(0, "100-nanosecond ticks since 1601, up to the year 9999")
        }
        return .date(date)
    }

    private static let numFromDate = FunctionDefinition("NumFromDate", [.one(.date)], gives: .number) {
        (given) throws(EvaluationError) in
        let ticks = try given.date(0).ticks - CivilDate.fileTimeStart
        guard ticks >= 0 else { throw given.failure("a date before 1601 has no number") }
        return .number(ticks)
    }

    private static let formatDateTime = FunctionDefinition(
        "FormatDateTime", [.one(.date), .one(.string)], gives: .string
    ) { (given) throws(EvaluationError) in
        guard let text = DateFormat.format(try given.date(0), try given.text(1)) else {
            throw given.wrong(1, "a .NET date format")
        }
        return .string(text)
    }

    private static let now = FunctionDefinition("Now", [], result: .date, isPure: false) {
        (_, environment) throws(EvaluationError) in .date(environment.now)
    }
}
