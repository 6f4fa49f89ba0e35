import Glibc

/// What standard output leads to.
enum Terminal {
    /// How many cells a line has; nil where standard output is no terminal, or nobody knows.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return Environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Whether colours are welcome (https://no-color.org).
    static var showsColours: Bool {
        isatty(STDOUT_FILENO) == 1 && Environment["NO_COLOR"] == nil
            && ![nil, "dumb"].contains(Environment["TERM"])
    }
}

/// The colours that a status has.
enum Colour: String {
    case red = "31"
    case yellow = "33"
    case green = "32"

    /// The colour of an incident's or an alert's status; nil for any other text.
    init?(status: String) {
        switch status {
        case "triggered": self = .red
        case "acknowledged": self = .yellow
        case "resolved": self = .green
        default: return nil
        }
    }

    /// A text in the colour (ECMA-48, SGR).
    func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
