import ArgumentParser
import FoundationEssentials

/// Which running gateway a command works on, if it is one.
struct GatewayOptions: ParsableArguments {
    @Option(
        help: """
            Work on the gateway that runs there, through its REST API, and not on a database (environment: \
            ALERTGATE_URL). The token is taken from ALERTGATE_TOKEN.
            """)
    var url: String?

    @Option(
        help: ArgumentHelp("A file with the token, in place of ALERTGATE_TOKEN.", valueName: "file"),
        completion: .file())
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "A PEM file with the authority of the gateway's certificate (default: the system's authorities).",
            valueName: "file"), completion: .file())
    var ca: String?

    @Option(help: ArgumentHelp("How long to wait for each answer.", valueName: "seconds"))
    var timeout: Int64 = 30

    func validate() throws {
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout expects 1 to 3600 seconds") }
    }

    /// The REST API of the gateway that is named by flag or environment; nil where the command works on a database. What
    /// a flag says goes before the environment.
    func api(besides database: DatabaseOptions) throws -> RESTClient? {
        if url != nil, database.path != nil { throw Failure.usage("--url and --db exclude each other") }
        guard let text = url ?? (database.path == nil ? Environment["ALERTGATE_URL"] : nil) else {
            for (flag, value) in [("--token-file", tokenFile), ("--ca", ca)] where value != nil {
                throw Failure.usage("\(flag) expects --url or ALERTGATE_URL")
            }
            return nil
        }
        guard let base = HTTPURL(text) else { throw Failure.usage(HTTPURL.expectation) }
        return RESTClient(base: base, token: try token(), authorities: ca, timeoutSeconds: timeout)
    }

    private func token() throws -> String {
        let text: String
        if let tokenFile {
            text = try GatewayOptions.contents(of: tokenFile)
        } else if let variable = Environment["ALERTGATE_TOKEN"] {
            text = variable
        } else {
            throw Failure.usage("no token: set ALERTGATE_TOKEN, or give --token-file")
        }
        let bytes = text.utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Failure.usage("what is given as the token is none: it is empty, or has blanks or special characters")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func contents(of file: String) throws -> String {
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw Failure.usage("--token-file: \(file) cannot be read")
        }
    }
}
