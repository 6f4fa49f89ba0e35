/// A token of the admin API. Only its hash is kept.
public struct APIToken: Hashable, Sendable {
    /// The event that created it.
    public var id: TokenID
    /// The name of its holder; shown as the agent of what is done with it. 1 to 255 Unicode scalars.
    public var name: String
    /// The SHA-256 of the token's bytes, 32 bytes.
    public var hash: [UInt8]
    /// Whether it may only read.
    public var isReadOnly: Bool
    /// The e-mail address of its holder, which `From` may name; nil where none is known.
    public var email: String?
    /// When it was created.
    public var createdAt: Timestamp
    /// Since when it is refused; nil where it is good.
    public var revokedAt: Timestamp?

    /// A good token.
    public init(
        id: TokenID, name: String, hash: [UInt8], isReadOnly: Bool, email: String? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.hash = hash
        self.isReadOnly = isReadOnly
        self.email = email
        self.createdAt = createdAt
    }
}
