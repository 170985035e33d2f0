import CCurl
import Documents

/// How long a server asks to be left alone.
enum RetryAfter: Equatable, Sendable {
    case seconds(Int)
    case until(WallTime)

    /// Reads the header's value: a number of seconds, or a date of HTTP's.
    init?(_ value: String) {
        if !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            // A number that is too large for the machine asks for more than is granted anyway.
            self = .seconds(Int(value) ?? .max)
            return
        }
        // A day's name or a letter at least: libcurl reads much as a date.
        guard value.contains(where: \.isLetter) else { return nil }
        let time = curl_getdate(value, nil)
        if time < 0 { return nil }
        self = .until(WallTime(seconds: time))
    }

    /// In milliseconds from now on, at most `limit` of them.
    func milliseconds(from now: WallTime, limit: Int) -> Int {
        switch self {
        case .seconds(let seconds): seconds >= limit / 1000 ? limit : seconds * 1000
        case .until(let time): Int(min(max(time.milliseconds - now.milliseconds, 0), Int64(limit)))
        }
    }
}
