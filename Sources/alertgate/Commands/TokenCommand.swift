import Alerting
import ArgumentParser
import HTTPAPI
import Store
import WireJSON

/// Creates and revokes tokens of the admin API.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create, list and revoke tokens of the admin API.",
        subcommands: [Create.self, List.self, Revoke.self])

    /// Creates a token.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a token. It is printed only once; the database keeps its hash.",
            discussion: "Example: alertgate token create dashboard --read-only")

        @Argument(help: "The name of its holder; shown as the agent of what is done with it.")
        var name: String

        @Option(help: "The e-mail address of its holder, for From headers.")
        var email: String?

        @Flag(help: "The token may only read.")
        var readOnly = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            try Names.check(name)
            guard let email else { return }
            guard email.contains("@"), !email.contains(where: \.isWhitespace), email.utf8.count <= 255 else {
                throw ValidationError("--email is an address of at most 255 bytes, such as jo@example.com.")
            }
        }

        func run() throws {
            let token = Secrets.token()
            let number = try Change.performShowingSecret(
                .createToken(name: name, hash: Secrets.hash(token), isReadOnly: readOnly, email: email),
                making: "token", in: options)
            let id = ExternalID.string(.token, number)
            try Output.once("the token \(id)") {
                show(id, token)
            } undo: {
                _ = try Change.perform(.revokeToken(number), in: options)
            }
        }

        private func show(_ id: String, _ token: String) {
            guard !json else {
                return Output.json([
                    "id": .string(id), "name": .string(name), "email": JSONValue(email), "read_only": .bool(readOnly),
                    "token": .string(token),
                ])
            }
            Output.line("\(id)  \(name)\ntoken: \(token)")
        }
    }

    /// Lists tokens.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tokens. The tokens themselves are not stored.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let (tokens, uses) = try options.read { connection in
                (try SettingsRows.tokens(connection), try TokenUseRows.all(connection))
            }
            guard !json else {
                return Output.json(
                    .array(
                        tokens.map { token in
                            [
                                "id": .string(ExternalID.string(.token, token.id)), "name": .string(token.name),
                                "email": JSONValue(token.email), "read_only": .bool(token.isReadOnly),
                                "last_used_at": JSONValue(uses[token.id].map { Output.time($0) }),
                                "created_at": .string(Output.time(token.createdAt)),
                                "revoked_at": JSONValue(token.revokedAt.map { Output.time($0) }),
                            ]
                        }))
            }
            Output.table(
                ["ID", "NAME", "E-MAIL", "RIGHTS", "CREATED", "LAST USED", "REVOKED"],
                tokens.map { token in
                    [
                        ExternalID.string(.token, token.id), token.name, token.email ?? "",
                        token.isReadOnly ? "read-only" : "full", Output.time(token.createdAt),
                        Output.time(uses[token.id]), Output.time(token.revokedAt),
                    ]
                })
        }
    }

    /// Revokes a token.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token. Takes effect immediately; cannot be undone.")

        @Argument(help: "The token's id or name.")
        var token: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let tokens = try options.read { try SettingsRows.tokens($0) }
            let found = try Names.find(token, among: tokens, kind: .token, called: "token", id: \.id, name: \.name)
            let didChange = try Change.perform(.revokeToken(found.id), in: options).didChange
            let id = ExternalID.string(.token, found.id)
            guard !json else {
                return Output.json(["id": .string(id), "name": .string(found.name), "changed": .bool(didChange)])
            }
            Output.line("\(id)  \(found.name): \(didChange ? "revoked" : "revoked already")")
        }
    }
}
