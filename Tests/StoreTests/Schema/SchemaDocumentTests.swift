import Foundation
import GatewayTesting
import Store
import Testing

/// `docs/schema.md` says what the database is today. `UPDATE_DOCS=1` writes it.
@Test func schemaDocumentIsUpToDate() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let connection = try Database(path: folder.appendingPathComponent("a.db").path).openWriter(creating: true)
    let rendered = try SchemaDocument.render(connection)
    connection.close()
    let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/schema.md")
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
        try rendered.write(to: document, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: document, encoding: .utf8) == rendered, "docs/schema.md is stale: run make docs")
}
