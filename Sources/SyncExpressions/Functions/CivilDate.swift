/// A point in time as year, month, day and time of day (UTC, Gregorian, years 1 to 9999).
struct CivilDate {
    static let ticksPerSecond: Int64 = 10_000_000
    static let ticksPerDay = 86_400 * ticksPerSecond
    /// One after the last tick of the year 9999.
    static let endOfTime = 3_652_059 * ticksPerDay
    /// 1601-01-01, where Windows file times begin.
    static let fileTimeStart = 584_388 * ticksPerDay

    let year: Int
    let month: Int
    let day: Int
    /// Within the day.
    let ticks: Int64
    /// 0 is Sunday.
    let weekday: Int

    init(_ date: DateTime) {
        let days = Int(date.ticks / Self.ticksPerDay)
        ticks = date.ticks % Self.ticksPerDay
        weekday = (days + 1) % 7
        // Counted from March on, so that a leap year's extra day is the last of its year.
        let shifted = days + 306
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var hour: Int { Int(ticks / (3_600 * Self.ticksPerSecond)) }
    var minute: Int { Int(ticks / (60 * Self.ticksPerSecond)) % 60 }
    var second: Int { Int(ticks / Self.ticksPerSecond) % 60 }
    /// Of a second, seven digits.
    var fraction: Int { Int(ticks % Self.ticksPerSecond) }

    static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// nil for a day that does not exist.
    static func date(_ year: Int, _ month: Int, _ day: Int, ticks: Int64 = 0) -> DateTime? {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1, day <= days(inMonth: month, of: year)
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 306
        return DateTime(ticks: Int64(days) * ticksPerDay + ticks)
    }

    /// The same day so many months later, or the month's last day where it has no such day.
    func adding(months: Int64) -> DateTime? {
        let (count, overflow) = Int64(year * 12 + month - 1).addingReportingOverflow(months)
        guard !overflow, count >= 12, count < 120_000 else { return nil }
        let newYear = Int(count / 12)
        let newMonth = Int(count % 12) + 1
        return Self.date(newYear, newMonth, min(day, Self.days(inMonth: newMonth, of: newYear)), ticks: ticks)
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

extension DateTime {
    /// nil outside of the years 1 to 9999.
    func adding(ticks more: Int64) -> DateTime? {
        let (sum, overflow) = ticks.addingReportingOverflow(more)
        return overflow || sum < 0 || sum >= CivilDate.endOfTime ? nil : DateTime(ticks: sum)
    }
}
