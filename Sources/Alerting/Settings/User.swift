/// A user of the REST API: a person or script that holds tokens. Tokens with one e-mail address, whatever the case of its
/// letters, are one user's; a token without an address is a user by itself.
public struct User: Hashable, Sendable {
    /// The first token that ever had the address, so that the id stays when tokens are replaced.
    public var id: TokenID
    /// The name of the oldest good token.
    public var name: String
    /// The address as the oldest good token has it; nil if the token has none.
    public var email: String?
    /// Whether all of its good tokens may only read.
    public var isReadOnly: Bool

    /// Whether open incidents are assigned to it: that takes an e-mail address.
    public var isAssignable: Bool { email != nil }
}

/// The users that the tokens make up.
public struct UserBook: Sendable {
    /// The users with at least one good token, by id.
    public let users: [User]
    /// The user of each token, revoked ones included.
    private let owners: [TokenID: TokenID]
    private let usersByID: [TokenID: User]

    /// The users of all tokens, revoked ones included.
    public init(_ tokens: [APIToken]) {
        var owners: [TokenID: TokenID] = [:]
        var firstTokens: [String: TokenID] = [:]
        var users: [TokenID: User] = [:]
        for token in tokens.sorted(by: { $0.id < $1.id }) {
            var owner = token.id
            if let address = token.email?.lowercased() {
                owner = firstTokens[address] ?? token.id
                firstTokens[address] = owner
            }
            owners[token.id] = owner
            guard token.revokedAt == nil else { continue }
            if users[owner] == nil {
                users[owner] = User(id: owner, name: token.name, email: token.email, isReadOnly: token.isReadOnly)
            } else if !token.isReadOnly {
                users[owner]?.isReadOnly = false
            }
        }
        self.owners = owners
        usersByID = users
        self.users = users.values.sorted { $0.id < $1.id }
    }

    /// The id of the user who holds a token; the token's own number if the token is unknown.
    public func id(ofToken token: TokenID) -> TokenID { owners[token] ?? token }

    /// The user who holds a token, which may be revoked; nil if no token of that user is good.
    public func user(ofToken token: TokenID) -> User? { usersByID[id(ofToken: token)] }

    /// The users to whom open incidents are assigned, by id.
    public var assignees: [User] { users.filter(\.isAssignable) }
}
