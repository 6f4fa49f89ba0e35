import FoundationEssentials

/// The variables that the program was started with.
enum Environment {
    /// A variable; nil where it is not set or set to nothing.
    static subscript(name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
