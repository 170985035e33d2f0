import Documents

extension ReleaseDate {
    /// The day of a moment, in UTC.
    public init(_ time: WallTime) {
        let (year, month, day) = time.day
        self.year = year
        self.month = month
        self.day = day
    }
}
