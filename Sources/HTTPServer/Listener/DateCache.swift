import Glibc

/// The `Date` header, formatted once a second (RFC 9110 section 5.6.7).
struct DateCache {
    private var second: time_t = -1
    private var text: [UInt8] = []

    /// The date of now as bytes, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    mutating func now() -> [UInt8] {
        var clock = timespec()
        // The coarse clock is read without a system call and is right to some milliseconds.
        clock_gettime(CLOCK_REALTIME_COARSE, &clock)
        if clock.tv_sec != second {
            second = clock.tv_sec
            text = Self.format(unixSeconds: clock.tv_sec)
        }
        return text
    }

    /// The date of that second.
    static func format(unixSeconds: time_t) -> [UInt8] {
        var seconds = unixSeconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let year = Int(parts.tm_year) + 1900
        let text =
            "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(year) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
        return Array(text.utf8)
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func two(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
