/// Which program answers, for `/metrics`.
public struct BuildInfo: Sendable {
    /// The version of alertgate, e.g. `0.9.0`.
    public let version: String
    /// The commit that it was built from, or `unknown`.
    public let commit: String
    /// The version of the SQLite library that it uses, e.g. `3.40.1`.
    public let sqlite: String

    /// A description of a build. The texts become values of labels: they hold no quotes, backslashes or line ends.
    public init(version: String, commit: String, sqlite: String) {
        self.version = version
        self.commit = commit
        self.sqlite = sqlite
    }
}
