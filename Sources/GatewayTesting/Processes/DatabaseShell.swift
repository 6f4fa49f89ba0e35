/// The `sqlite3` shell, as an operator has it.
public enum DatabaseShell {
    /// Runs a query in a read-only connection that waits for locks, for at most 20 seconds: whoever else has the database
    /// open may be opening or closing it.
    ///
    /// - Parameter options: further options of the shell, such as `-json`.
    /// - Throws: `ProgramFailure` if the shell does not end; what starting it throws.
    public static func read(_ path: String, _ sql: String, options: [String] = []) throws -> ProgramResult {
        try RunningProgram.run("sqlite3", ["-readonly", "-cmd", ".timeout 20000"] + options + [path, sql])
    }

    /// The lines that a query gives, read as `read` does.
    ///
    /// - Throws: `ProgramFailure` if the shell fails.
    public static func lines(_ path: String, _ sql: String) throws -> [String] {
        let result = try read(path, sql)
        guard result.status == 0, result.errors.isEmpty else { throw ProgramFailure("\(sql): \(result.errors)") }
        return result.output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }
}
