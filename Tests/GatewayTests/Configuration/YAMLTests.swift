import Foundation
import Gateway
import GatewayTesting
import Testing

/// The settings as a text: what of YAML 1.2.2 is taken, as what, and what is refused in which words.
@Suite(.timeLimit(.minutes(2))) struct YAMLTests {
    private func load(_ bytes: some Sequence<UInt8>) throws -> Settings {
        let path = NSTemporaryDirectory() + "alertgate-\(UUID().uuidString).yaml"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        return try SettingsLoader(file: path).load()
    }

    private func load(_ yaml: String) throws -> Settings { try load(yaml.utf8) }

    /// What is said about a file, without the file's path in front.
    private func refusal(_ bytes: some Sequence<UInt8>) throws -> String? {
        do {
            _ = try load(bytes)
            return nil
        } catch let error as ConfigurationError {
            #expect(error.problems.allSatisfy { !$0.description.contains("\n") })
            return error.problems.first.map { [$0.key, $0.explanation].compactMap(\.self).joined(separator: ": ") }
        }
    }

    private func refusal(_ yaml: String) throws -> String? { try refusal(yaml.utf8) }

    // MARK: What is taken

    /// YAML 1.2 sections 6 to 8: the same two settings in ways that YAML lets one write them.
    @Test(arguments: [
        "database: /a b\nlog:\n  level: debug\n",
        "database: '/a b'\nlog: {level: \"debug\"}",
        "{database: /a b, log: {level: debug}}",
        "{database: /a b, log: {level: debug,},}\n",
        "{\n\"database\":\"/a b\",\n\"log\":{\"level\":\"debug\"}\n}",
        "%YAML 1.2\n---\ndatabase: /a b\nlog: {level: debug}\n...\n",
        "--- # settings\ndatabase: /a b # here\n\n\n#\nlog:  # and there\n\n    level: debug\n",
        "database: /a\n  b\nlog:\n    level:\n        debug\n",
        "database: >-\n  /a\n  b\nlog:\n  level: |-\n    debug\n",
        "database: \"\\x2fa\\u0020\\U00000062\"\nlog: {level: \"de\\\n  bug\"}\n",
        "? database\n: /a b\n? log\n: ? level\n  : debug\n",
        "database: &path /a b\nlog: &log\n  level: !!str debug\n",
        "!!map\ndatabase: ! /a b\nlog: !!map {level: !<tag:yaml.org,2002:str> debug}\n",
        "database: /a b\r\nlog:\r\n  level: debug\r\n",
        "\u{FEFF}database: /a b\nlog: {level: debug}\n",
        "log.level: debug\ndatabase: /a b\n",
    ])
    func theSameIsWrittenInManyWays(_ yaml: String) throws {
        var expected = Settings()
        expected.database = "/a b"
        expected.log.level = .debug
        #expect(try load(yaml) == expected)
    }

    @Test func utf16IsReadWithItsMark() throws {
        var text: [UInt8] = [0xff, 0xfe]
        for unit in "database: /ä\n".utf16 { text += [UInt8(unit & 0xff), UInt8(unit >> 8)] }
        #expect(try load(text).database == "/ä")
    }

    @Test(arguments: [
        ("/a#b", "/a#b"), ("/a: b", nil), ("/a:b", "/a:b"), ("'/it''s'", "/it's"), (#"'/a\n'"#, #"/a\n"#),
        (#""/a\tb""#, "/a\tb"), (#""/\u00e4\x0a""#, "/ä\n"), ("/ä 字", "/ä 字"), ("|\n  /a\n  b\n", "/a\nb\n"),
        (">\n  /a\n  b\n", "/a b\n"), ("\"/a\n\n  b\"", "/a\nb"), ("123", "123"), ("true", "true"), ("'~'", "~"),
    ])
    func textIsReadAsYAMLHasIt(_ yaml: String, database: String?) throws {
        guard let database else {
            #expect(try refusal("database: \(yaml)\n") != nil)
            return
        }
        #expect(try load("database: \(yaml)\n").database == database)
    }

    /// The decimal and hexadecimal numbers of https://yaml.org/type/int.html.
    @Test(arguments: [
        ("5", 5), ("+5", 5), ("0", 0), ("-0", 0), ("1_000", 1000), ("0x1F", 31), ("0xff_ff", 65535),
        ("!!int 5", 5), ("   5   ", 5), ("5 # five", 5),
    ])
    func aNumberIsRead(_ yaml: String, number: Int) throws {
        #expect(try load("events: {rate_limit: \(yaml)\n}").events.rateLimit == number)
    }

    @Test(arguments: [
        "'5'", "\"5\"", "!!str 5", "! 5", "5.0", "1e3", "0x", "0b2", "08", "0o8", "--5", "+-5", "-+5", "0x-5", "0-5",
        "0b101", "0o17", "017", "0_5", "1:30", "1:00:00", "90:00",
        "5a", "٥", "５", "1:60", ":1", "1:-5", "1 000", "1,000", ".5", "_", "inf", "9223372036854775808",
        "0x8000000000000000", "153722867280912931:0", "[5]", "|\n    5", "NULL",
    ])
    func whatIsNoNumberIsRefused(_ yaml: String) throws {
        let message = try refusal("events:\n  rate_limit: \(yaml)\n")
        #expect(message?.hasPrefix("events.rate_limit: expected a whole number") == true, "\(message ?? "taken")")
    }

    /// The spellings of https://yaml.org/type/bool.html, but for the single letters.
    @Test(arguments: [
        ("true", true), ("True", true), ("TRUE", true), ("yes", true), ("Yes", true), ("YES", true), ("on", true),
        ("On", true), ("ON", true), ("false", false), ("False", false), ("FALSE", false), ("no", false), ("No", false),
        ("NO", false), ("off", false), ("Off", false), ("OFF", false), ("!!bool yes", true),
    ])
    func yesAndNoAreRead(_ yaml: String, value: Bool) throws {
        #expect(try load("api: {require_from: \(yaml)}").api.requireFrom == value)
    }

    @Test(arguments: ["'true'", "\"no\"", "!!str true", "tRUE", "yEs", "y", "N", "1", "0", "truе", "[true]", "on off"])
    func whatIsNeitherIsRefused(_ yaml: String) throws {
        #expect(try refusal("api:\n  require_from: \(yaml)\n") == "api.require_from: expected true or false")
    }

    @Test(arguments: [
        "listen: ['a:1', \"b:2\"]", "listen: [a:1, b:2,]", "listen:\n- a:1\n- b:2\n", "listen:\n  - a:1\n  -   b:2\n",
        "listen: [\n  a:1, # one\n  b:2\n]\n", "listen:\n- >-\n  a:1\n- |-\n  b:2\n",
        "listen: &all [&one a:1, !!str b:2]",
    ])
    func aListIsRead(_ yaml: String) throws {
        #expect(try load(yaml).listen == [ListenAddress(host: "a", port: 1), ListenAddress(host: "b", port: 2)])
    }

    @Test(arguments: [
        "", "\n", "---\n...\n", "~", "null\n", "{}", "--- {}\n", "events: ~\nlog: null\nhttp:\n", "events: {}\n",
        "\u{FEFF}", "# only\n# this", "%YAML 1.1\n---\n", "   \n",
    ])
    func nothingIsSetHere(_ yaml: String) throws {
        #expect(try refusal(yaml)?.contains("there is no setting in it") == true)
    }

    @Test func settingsWithoutAValueHaveTheirDefaults() throws {
        #expect(try load("public_url:\ntrusted_proxies: ~\n") == Settings())
    }

    // MARK: What is refused

    @Test(arguments: [
        // Bad syntax names the line.
        ("listen: ['a:1'\nlog:\n", "not usable YAML: line 2: "), ("log:\n  level: debug\n format: text\n", "line 3: "),
        ("log:\n\tlevel: debug\n", "line 2: "), ("\n\ndatabase: 'a\n", "line 4: "), ("database: \"\\q\"\n", "line 1: "),
        ("log: level: debug\n", "line 1: "), ("log:\na\n", "line 3: "), ("database: @a\n", "line 1: "),
        ("database: `a`\n", "line 1: "), ("log: {level: debug\n\n", "line 3: "), ("log: {}\n- a\n", "line 2: "),
        ("%YAML 3.0\n---\n", "line 1: "), ("database: !x!y z\n", "line 1: "), ("log: }\n", "line 1: "),
        ("database: a\n---\n- b\n", "line 2: a second document"), ("---\n---\n", "line 2: a second document"),
        ("---\n...\n---\n", "line 3: a second document"), ("database: a\n...\nlog: {}\n", "line 3: "),
        // What a program that does not look would read as one of the two.
        ("database: a\nlog: {}\ndatabase: b\n", "line 3: database is already set in line 1"),
        ("log:\n  level: debug\n  level: info\n", "line 3: log.level is already set in line 2"),
        ("log: {level: debug, 'level': info}", "line 1: log.level is already set in line 1"),
        ("log:\n  level: debug\nlog:\n  format: text\n", "line 3: log is already set in line 1"),
        ("log:\n  level: debug\nlog.level: info\n", "line 3: log.level is already set in line 2"),
        // Shapes that no setting has.
        ("- database\n", "line 1: expected settings"), ("\ndatabase\n", "line 2: expected settings"),
        ("''\n", "line 1: expected settings"),
        ("listen:\n- [a:1]\n", "line 2: a list may hold values only"),
        ("listen:\n- a: 1\n", "line 2: a list may hold values only"),
        ("? [a]\n: b\n", "line 1: expected the name"), ("? {a: b}\n: c\n", "line 1: expected the name"),
        ("a: {b: {c: {d: {e: f}}}}\n", "line 1: sections lie deeper"),
        // Aliases, wherever they may stand.
        ("database: &a /x\npublic_url: *a\n", "line 2: aliases"),
        ("listen: &a [b:1]\nadmin: {listen: *a}\n", "line 2: aliases"),
        ("listen:\n- &a b:1\n- *a\n", "line 3: aliases"), ("&a database: b\n*a : c\n", "line 2: aliases"),
        ("log: &a\n  level: *a\n", "line 2: aliases"), ("log: *nowhere\n", "line 1: aliases"),
        // A merge key is a name like others.
        ("log:\n  <<: {level: debug}\n", "log.<<.level: there is no such setting"),
    ])
    func aFileIsRefusedWithALine(_ yaml: String, message: String) throws {
        let found = try refusal(yaml)
        #expect(found?.contains(message) == true, "\(found ?? "taken")")
    }

    @Test(
        arguments: [
            [0x61, 0x3a, 0x0a, 0xff, 0x0a], [0x61, 0x3a, 0x0a, 0xc0, 0x80], [0x61, 0x3a, 0x0a, 0xed, 0xa0, 0x80],
            [0x61, 0x3a, 0x0a, 0x00], [0x61, 0x3a, 0x0a, 0x1b, 0x5b], [0x61, 0x3a, 0x0a, 0xe2, 0x82],
        ] as [[UInt8]])
    func whatIsNoTextIsRefusedWithItsLine(_ bytes: [UInt8]) throws {
        let message = try refusal(bytes)
        #expect(message?.contains("line 2: ") == true, "\(message ?? "taken")")
    }

    @Test func unknownNamesAreAllSaid() throws {
        do {
            _ = try load("nonsense: 1\nlog: {levle: debug, format: text}\nhttp: {x: {y: [1]}}\n")
            Issue.record("taken")
        } catch let error as ConfigurationError {
            let keys = error.problems.map { $0.key ?? "" }
            #expect(keys == ["nonsense", "log.levle", "http.x.y"])
        }
    }

    // MARK: What would cost much

    /// Each would hold up a reader that expands, recurses or looks back, or fill its memory.
    @Test(arguments: [
        ("[", "sequences"), ("{", "mappings"), ("{a: ", "mappings with a name"), ("- ", "sequences in one line"),
        ("? ", "names"), ("[{", "both"), ("&a ", "anchors"), ("!a ", "tags"), ("*a ", "aliases"), ("a", "one name"),
        ("a: ", "values"), ("\"", "quotes"), ("'", "single quotes"), ("\n", "lines"), ("#", "a comment"),
        ("%a\n", "directives"),
        ("---\n", "documents"), ("a\n", "a text of lines"), ("[a,", "elements"), ("{?", "names in mappings"),
        ("\t", "tabs"),
        ("|\n", "blocks"), ("[\n", "sequences in lines"), ("{\"a\":\n", "mappings in lines"), ("[[],", "pairs"),
    ])
    func aMebibyteOfOneThingIsReadInNoTime(_ piece: String, name: String) throws {
        let yaml = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        for start in ["", "listen: "] {
            _ = try refusal((start + yaml).utf8.prefix(1 << 20))
        }
    }

    @Test func noFileGrowsByBeingRead() throws {
        var yaml = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (name, last) in zip("bcdefghij", "abcdefghi") {
            yaml += "\(name): &\(name) [" + Array(repeating: "*\(last)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(try refusal(yaml)?.contains("line 2: aliases") == true)
    }

    @Test func moreNamesThanAnybodyNeedsAreRefused() throws {
        let yaml = (0..<100_000).map { "a\($0):\n" }.joined()
        #expect(try refusal(yaml)?.contains("line 1001: the file has more names than settings exist") == true)
        #expect(
            try refusal("log:\n  \(String(repeating: "a", count: 101)): 1\n")?.contains("line 2: this name") == true)
        #expect(try refusal(String(repeating: " ", count: 1 << 20) + "\n")?.contains("larger than 1 MiB") == true)
    }

    /// Whatever is done to the file: it is taken, or refused in one line for each problem.
    @Test func noChangeOfTheSampleDoesHarm() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../etc/alertgate.yaml").standardizedFileURL
        // Without its comments, in which changes do nothing.
        let sample = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
            .filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: "\n")
        let pieces = "\n \t:-?[]{},&*!|>'\"%@`#\\\u{0}\u{85}\u{2028}\u{FEFF}é0x".unicodeScalars.map {
            Array(String($0).utf8)
        }
        var generator = SeededGenerator(seed: 20_261_127)
        var refused = 0
        for _ in 0..<400 {
            var bytes = Array(sample.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = .random(in: 0...255, using: &generator)
                case 2: bytes.removeSubrange(place..<min(place + 20, bytes.count))
                default: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
                }
            }
            if try refusal(bytes) != nil { refused += 1 }
        }
        #expect(refused > 40 && refused < 400)
    }
}
