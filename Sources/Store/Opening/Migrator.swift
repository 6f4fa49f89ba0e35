import Alerting
import Cryptography
import Glibc
import Migrations

/// Brings a database's schema up to date, one migration and one transaction after the other. A step that fails leaves
/// the file at the step before.
struct Migrator {
    let path: String
    let connection: Connection

    /// Takes the steps that the file has not been through. Throws `StoreError.changedMigration` if one that it has been
    /// through was another.
    func run(_ migrations: [Migration]) throws {
        let version = try connection.schemaVersion()
        if version > 0 { try requireUnchanged(migrations, upTo: version) }
        for migration in migrations where migration.version > version {
            try connection.transaction(.immediate) {
                // Another process may have taken the step while this one waited for the lock.
                guard try connection.schemaVersion() < migration.version else { return }
                try connection.execute(migration.sql)
                try connection.run(
                    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)"
                ) {
                    $0.add(migration.version)
                    $0.add(migration.name)
                    $0.add(Migrator.checksum(migration))
                    $0.add(Int64(time(nil)) * 1000)
                }
                try connection.execute("PRAGMA user_version = \(migration.version)")
                FailPoint.insideMigration.reach()
            }
        }
    }

    private func requireUnchanged(_ migrations: [Migration], upTo version: Int64) throws {
        let stored = try connection.all("SELECT version, checksum FROM schema_migrations") {
            (version: $0.integer(0), checksum: $0.text(1))
        }
        for migration in migrations where migration.version <= version {
            guard stored.contains(where: { $0.version == migration.version && $0.checksum == Self.checksum(migration) })
            else { throw StoreError.changedMigration(path: path, version: migration.version) }
        }
    }

    static func checksum(_ migration: Migration) -> String {
        SHA256.digest(of: migration.sql).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
