import Gateway

/// Rows in columns as wide as their widest cell, under their titles, within the width of a terminal.
struct TextTable {
    /// The titles; a table without any has none of empty texts.
    var titles: [String]
    /// As many cells as there are titles in each.
    var rows: [[String]]

    private static let gap = 2
    /// The last column, which holds the longest texts, gives way first, down to this; then the columns of names do.
    private static let narrowLast = 20
    private static let narrowName = 10

    /// The lines. Control characters, which a sender may have put into a title, stand in them as escapes. Within a width,
    /// the last column is cut first, then those whose titles are among `names`; numbers and ids are never cut. `paint`
    /// may add to a cell what takes no room.
    func lines(
        width: Int?, names: Set<String> = [], paint: (_ title: String, _ cell: String) -> String = { $1 }
    ) -> [String] {
        let hasTitles = titles.contains { !$0.isEmpty }
        let cells = ((hasTitles ? [titles] : []) + rows).map { $0.map(PlainText.escaped) }
        let natural = titles.indices.map { column in cells.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
        let widths = width.map { fitted(natural, within: $0, names: names) } ?? natural
        return cells.enumerated().map { number, row in
            var line = ""
            var pending = 0
            for column in row.indices {
                let cell = DisplayWidth.cut(row[column], to: widths[column])
                if !cell.isEmpty {
                    line += String(repeating: " ", count: pending)
                    line += hasTitles && number == 0 ? cell : paint(titles[column], cell)
                    pending = 0
                }
                pending += widths[column] - DisplayWidth.of(cell) + TextTable.gap
            }
            return line
        }
    }

    private func fitted(_ natural: [Int], within width: Int, names: Set<String>) -> [Int] {
        var widths = natural
        guard let last = widths.indices.last else { return widths }
        var excess = widths.reduce(0, +) + TextTable.gap * last - width
        func narrow(_ column: Int, to floor: Int) {
            let less = max(0, min(excess, widths[column] - floor))
            widths[column] -= less
            excess -= less
        }
        narrow(last, to: TextTable.narrowLast)
        for column in titles.indices where names.contains(titles[column]) { narrow(column, to: TextTable.narrowName) }
        narrow(last, to: 1)
        return widths
    }
}
