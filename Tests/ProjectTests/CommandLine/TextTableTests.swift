import Testing

@testable import alertgate

/// How tables fit into a terminal.
@Suite struct TextTableTests {
    private static let table = TextTable(
        titles: ["NUMBER", "STATUS", "SERVICE", "TITLE"],
        rows: [
            ["4711", "triggered", "a service with a long name", "the disk of database db-1 is nearly full"],
            ["12", "resolved", "", "日本語のとても長いタイトル、端末より広いもの"],
            ["7", "acknowledged", "mail", ""],
        ])

    @Test(arguments: 1...140)
    func noLineIsWiderThanItCanBe(_ width: Int) {
        let lines = Self.table.lines(width: width, names: ["SERVICE"])
        // Numbers and states are never cut; 10 cells are left of a name and 1 of the last column.
        let least = 6 + 2 + 12 + 2 + 10 + 2 + 1
        for line in lines { #expect(DisplayWidth.of(line) <= max(width, least), "\(line)") }
        #expect(lines.count == 4)
        for text in ["4711", "triggered", "resolved", "acknowledged"] {
            #expect(lines.contains { $0.contains(text) })
        }
    }

    @Test func theLastColumnGivesWayFirst() {
        #expect(
            Self.table.lines(width: 76, names: ["SERVICE"])[1...2] == [
                "4711    triggered     a service with a long name  the disk of database db-1…",
                "12      resolved                                  日本語のとても長いタイト…",
            ])
        #expect(
            Self.table.lines(width: 60, names: ["SERVICE"])[1]
                == "4711    triggered     a service with …  the disk of databas…")
    }

    @Test func withoutATerminalNothingIsCut() {
        let lines = Self.table.lines(width: nil)
        #expect(lines[0] == "NUMBER  STATUS        SERVICE                     TITLE")
        #expect(lines[1].hasSuffix("the disk of database db-1 is nearly full"))
        #expect(lines[3] == "7       acknowledged  mail")
    }

    @Test func whatDrivesATerminalIsEscaped() {
        let text = "a\u{1B}[31mred\u{7}\n\u{9B}2J\u{202E}\u{0}"
        let lines = TextTable(titles: ["TITLE"], rows: [[text]]).lines(width: nil)
        #expect(lines[1] == #"a\u{1b}[31mred\u{7}\n\u{9b}2J\u{202e}\u{0}"#)
    }

    @Test func coloursTakeNoRoom() {
        let table = TextTable(titles: ["STATUS", "TITLE"], rows: [["resolved", "x"], ["acknowledged", "y"]])
        let lines = table.lines(width: 20) { title, cell in title == "STATUS" ? "<\(cell)>" : cell }
        #expect(lines == ["STATUS        TITLE", "<resolved>      x", "<acknowledged>  y"])
    }

    @Test func aTableWithoutTitlesBeginsWithItsRows() {
        #expect(TextTable(titles: ["", ""], rows: [["a", "b"]]).lines(width: nil) == ["a  b"])
    }

    @Test(arguments: [
        ("abc", 3), ("ä", 1), ("a\u{308}", 1), ("日本", 4), ("한글", 4), ("ｆ", 2), ("☃", 1), ("👍🏽", 2), ("🇩🇪", 2),
        ("❤\u{FE0F}", 2), ("✅", 2), ("", 0),
    ])
    func widthIsInCells(_ text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(arguments: [
        ("abcdef", 4, "abc…"), ("abcd", 4, "abcd"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 6, "日本語"),
        ("a🇩🇪b🇫🇷", 4, "a🇩🇪…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("abc", 1, "…"), ("abc", 0, ""),
    ])
    func cuttingBreaksNoCharacter(_ text: String, width: Int, cut: String) {
        #expect(DisplayWidth.cut(text, to: width).utf8.elementsEqual(cut.utf8))
    }
}
