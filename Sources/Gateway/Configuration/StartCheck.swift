import Glibc
import HTTPAPI
import HTTPServer

/// What the daemon needs of the machine to start with its settings: files, folders and addresses. `serve` looks before it
/// opens anything, and `check-config` looks at the same; what is refused here is wrong configuration, exit code 78.
extension SettingsLoader {
    /// Loads the settings, and checks that the daemon can start with them, as this user and on this machine. Throws
    /// everything that is wrong at once. Blocks: reads files, and looks up names.
    public func loadForStart() throws(ConfigurationError) -> Settings {
        let settings = try load()
        var problems = tlsProblems(of: settings) + databaseProblems(of: settings)
        // Sockets that a service manager hands over stand in for the addresses.
        if environment["LISTEN_FDS"] == nil { problems += localAddressProblems(of: settings) }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return settings
    }

    private func tlsProblems(of settings: Settings) -> [ConfigurationError.Problem] {
        guard let certificate = settings.tls.certificate, let key = settings.tls.key else { return [] }
        do {
            try ListenerConfiguration.TLS(certificateChainFile: certificate, privateKeyFile: key).check()
            return []
        } catch .unusableFile(let path, let reason) {
            // One file may be set for both: it is the key that is wrong if the certificate can be read.
            let isKey = path == key && (path != certificate || StartCheck.hasCertificate(path))
            let name = isKey ? "tls.key" : "tls.certificate"
            return [.init(source: source, key: name, value: path, explanation: reason)]
        } catch {
            return [.init(source: source, key: "tls.key", explanation: error.description)]
        }
    }

    private func databaseProblems(of settings: Settings) -> [ConfigurationError.Problem] {
        let path = settings.database
        func problem(_ explanation: String) -> [ConfigurationError.Problem] {
            [.init(source: source, key: "database", value: path, explanation: explanation)]
        }
        func reason() -> String { String(cString: strerror(errno)) }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard stat(folder, &status) == 0 else {
            return problem(
                "the folder \(folder) cannot be used: \(reason()). Make it; its owner is who runs the gateway")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return problem("\(folder) is no folder") }
        // The log of the database and its lock are made beside it.
        guard access(folder, W_OK | X_OK) == 0 else {
            return problem("the folder \(folder) is not writable for \(SettingsLoader.user): \(reason())")
        }
        guard stat(path, &status) == 0 else {
            return errno == ENOENT ? [] : problem("cannot be used: \(reason())")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return problem("is no file, but a folder or device") }
        guard access(path, R_OK | W_OK) == 0 else {
            return problem("is not readable and writable for \(SettingsLoader.user): \(reason())")
        }
        return []
    }

    private func localAddressProblems(of settings: Settings) -> [ConfigurationError.Problem] {
        var problems: [ConfigurationError.Problem] = []
        var places: [ListenAddress] = []
        for (key, addresses) in [("listen", settings.listen), ("admin.listen", settings.admin.listen)] {
            for address in addresses {
                func problem(_ explanation: String) {
                    problems.append(
                        .init(source: source, key: key, value: address.description, explanation: explanation))
                }
                do throws(ListenerError) {
                    let host = try ListenerConfiguration.Endpoint.localAddress(of: address.host)
                    let place = ListenAddress(host: host, port: address.port)
                    if let other = places.first(where: place.overlaps) {
                        problem("is the address \(place), which is taken by \(other)")
                    }
                    places.append(place)
                } catch {
                    problem(error.description)
                }
            }
        }
        return problems
    }

    /// Who runs this, for people.
    private static var user: String { "this user (number \(geteuid()))" }
}

private enum StartCheck {
    static func hasCertificate(_ path: String) -> Bool {
        do throws(PEMFile.Unusable) {
            return try !PEMFile(path).certificates().isEmpty
        } catch {
            return false
        }
    }
}
