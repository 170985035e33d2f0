import Documents

extension ReleaseDate {
    /// The first day that it may mean: the first of the month where the day is not known.
    public var first: ReleaseDate { ReleaseDate(midnight) }

    /// The last day that it may mean.
    public var last: ReleaseDate {
        if day != nil { return self }
        let next =
            month == 12 ? WallTime(year: year + 1, month: 1, day: 1) : WallTime(year: year, month: month + 1, day: 1)
        return next.map { ReleaseDate($0 + -86_400) } ?? self
    }

    /// Whole days from another one; a month counts from its first day.
    public func days(since other: ReleaseDate) -> Int { (midnight - other.midnight) / 86_400 }

    public func adding(days: Int) -> ReleaseDate { ReleaseDate(midnight + days * 86_400) }

    /// A date that was read names a day of the calendar.
    private var midnight: WallTime { WallTime(year: year, month: month, day: day ?? 1) ?? WallTime(milliseconds: 0) }
}
