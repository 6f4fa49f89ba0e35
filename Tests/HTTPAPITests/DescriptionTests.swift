import Foundation
import Testing
import WireJSON

@testable import HTTPAPI
@testable import HTTPServer

/// `docs/openapi.json` against what the gateway knows: neither may have a path or a method that the other has not. What
/// the answers hold, the end-to-end tests compare.
@Suite(.timeLimit(.minutes(5))) struct DescriptionTests {
    /// A method of a path, whose parameters are all called `{}`.
    private struct Operation: Hashable, CustomStringConvertible {
        var method: String
        var path: String
        var description: String { "\(method) \(path)" }
    }

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func file() throws -> [UInt8] {
        Array(try Data(contentsOf: repository.appending(path: "docs/openapi.json")))
    }

    private static func described() throws -> Set<Operation> {
        let document = try JSONValue(parsing: file())
        var operations: Set<Operation> = []
        for path in try #require(document["paths"]?.objectValue) {
            let name = path.name.replacing(/{\w+}/, with: "{}")
            for member in path.value.objectValue ?? [] where member.name != "parameters" {
                operations.insert(Operation(method: member.name.uppercased(), path: name))
            }
        }
        return operations
    }

    @Test func everyPathAndMethodIsDescribedAndNoOther() throws {
        let known = try DescriptionTests.adminOperations().union(DescriptionTests.eventOperations())
            .union(DescriptionTests.otherOperations)
        let described = try DescriptionTests.described()
        #expect(known.subtracting(described) == [], "not described")
        #expect(described.subtracting(known) == [], "described, but not there")
    }

    @Test func theDescriptionIsServedAsItIs() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(.get("/openapi.json"))
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json; charset=utf-8")
            let isSame = try answer.body.utf8.elementsEqual(DescriptionTests.file())
            #expect(isSame, "the program has another docs/openapi.json embedded")
        }
    }

    @Test func noRouteIsThereTwice() {
        #expect(DescriptionTests.adminOperations().count == AdminRoute.all.count)
    }

    /// A path that is spelled out is not taken for one with an id, for no method.
    @Test func whatIsSpelledOutComesFirst() throws {
        let preview = try #require(AdminPath("/silences/preview", prefix: nil))
        #expect(AdminRoute.place(of: preview)?.methods == ["POST"])
        #expect(AdminRoute.place(of: preview)?.names(in: preview) == [])
        let silence = try #require(AdminPath("/silences/1", prefix: nil))
        #expect(AdminRoute.place(of: silence)?.methods == ["GET", "PUT", "DELETE"])
        #expect(AdminRoute.place(of: silence)?.names(in: silence) == ["1"])
        let rotation = try #require(AdminPath("/services/a/integrations/b/rotate", prefix: nil))
        #expect(AdminRoute.place(of: rotation)?.names(in: rotation) == ["a", "b"])
        let nothing = try #require(AdminPath("/services/a/integrations", prefix: nil))
        #expect(AdminRoute.place(of: nothing)?.methods == ["POST"])
        let stray = try #require(AdminPath("/services/a/b/c", prefix: nil))
        #expect(AdminRoute.place(of: stray)?.methods == nil)
    }

    // MARK: What the gateway knows

    private static let otherOperations = Set(
        HTTPAPI.Operation.allCases.flatMap { operation in
            ["GET", "HEAD"].map { Operation(method: $0, path: operation.rawValue) }
        })

    /// What stands between quotes in the source of a router: the words that its paths are made of.
    private static func words(_ source: String) throws -> [String] {
        let text = try String(contentsOf: repository.appending(path: source), encoding: .utf8)
        let literals = text.matches(of: /"([^"\\\n]+)"/).flatMap { $0.output.1.split(separator: "/") }
        return Set(literals.map { String($0) }).subtracting(["GET", "PUT", "POST", "DELETE"]).sorted()
    }

    /// The table of routes.
    private static func adminOperations() -> Set<Operation> {
        Set(
            AdminRoute.all.map { route in
                let path = route.pattern.map { "/" + ($0 ?? "{}") }.joined()
                return Operation(method: route.method.rawValue, path: path)
            })
    }

    /// The fixed paths, and what of up to three of the router's own words takes any key.
    private static func eventOperations() throws -> Set<Operation> {
        let words = try words("Sources/HTTPAPI/Ingest/IngestRoute.swift") + ["{}"]
        var paths = Set(IngestRoute.fixed.keys)
        var longest: [[String]] = [[]]
        for _ in 1...3 {
            longest = longest.flatMap { start in words.map { start + [$0] } }
            for segments in longest where segments.contains("{}") {
                let path = "/" + segments.joined(separator: "/")
                if IngestRoute(path: path) != nil { paths.insert(path) }
            }
        }
        return Set(paths.map { Operation(method: "POST", path: $0) })
    }
}
