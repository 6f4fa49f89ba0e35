import Foundation
import Gateway
import Testing

/// `etc/alertgate.yaml` is the manual of the settings: it has to be complete, and true.
@Suite struct SampleFileTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../etc/alertgate.yaml").standardizedFileURL.path

    private static func lines() throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
    }

    @Test func asItIsItChangesNothing() throws {
        #expect(try SettingsLoader(file: SampleFileTests.path).load() == Settings())
    }

    /// Every setting stands there once, in the order of the definitions, with its default.
    @Test func everySettingStandsThere() throws {
        var section = ""
        var found: [String] = []
        var values: [String: String] = [:]
        for line in try SampleFileTests.lines() where !line.trimmingCharacters(in: .whitespaces).hasPrefix("#") {
            guard let colon = line.range(of: ":") else { continue }
            let name = line[..<colon.lowerBound].trimmingCharacters(in: .whitespaces)
            let value = line[colon.upperBound...].trimmingCharacters(in: .whitespaces)
            if !line.hasPrefix(" ") { section = "" }
            guard !value.isEmpty else {
                section = name + "."
                continue
            }
            found.append(section + name)
            values[section + name] = value
        }
        #expect(found == SettingDefinition.all.map(\.key))
        for definition in SettingDefinition.all {
            let expected = definition.value(in: Settings())
            #expect(values[definition.key] == (expected.isEmpty ? "\"\"" : expected), "\(definition.key)")
        }
    }

    /// The comment above each setting says what it is, names the ends of its range, and whether it takes a restart.
    @Test func everySettingIsExplained() throws {
        var comment = ""
        var section = ""
        var explained: [String: String] = [:]
        for line in try SampleFileTests.lines() {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("#") {
                comment += " " + text.dropFirst().trimmingCharacters(in: .whitespaces)
                continue
            }
            if let colon = text.range(of: ":") {
                let name = String(text[..<colon.lowerBound])
                if !line.hasPrefix(" ") { section = text.hasSuffix(":") ? name + "." : "" }
                explained[(line.hasPrefix(" ") ? section : "") + name] = comment
            }
            comment = ""
        }
        for definition in SettingDefinition.all {
            let text = try #require(explained[definition.key], "\(definition.key)")
            #expect(text.count > 10, "\(definition.key)")
            #expect(text.contains("(restart)") == !definition.isReloadable, "\(definition.key)")
            if let range = definition.expectation.firstMatch(of: /from (\d+) to (\d+)/) {
                #expect(text.contains("\(range.1) to \(range.2)"), "\(definition.key)")
            }
        }
    }
}
