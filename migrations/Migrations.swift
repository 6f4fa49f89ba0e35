/// One step of the schema, as it stands in `migrations/sql/NNNN_name.sql`.
public struct Migration: Sendable {
    /// The number in the file name; steps are taken in this order.
    public let version: Int64
    /// The rest of the file name, without `.sql`.
    public let name: String
    /// The file, as it is.
    public let sql: String
}

/// The schema's steps, embedded in the program.
///
/// A file that has been released is never edited: databases keep its checksum and are refused when it differs.
public enum Migrations {
    /// Every step, in order.
    public static let all: [Migration] = [
        Migration(version: 1, name: "initial", sql: text(PackageResources._001_initial_sql)),
        Migration(version: 2, name: "retention", sql: text(PackageResources._002_retention_sql)),
        Migration(version: 3, name: "suppression", sql: text(PackageResources._003_suppression_sql)),
        Migration(version: 4, name: "flapping", sql: text(PackageResources._004_flapping_sql)),
        Migration(version: 5, name: "storms", sql: text(PackageResources._005_storms_sql)),
        Migration(version: 6, name: "inhibition_sources", sql: text(PackageResources._006_inhibition_sources_sql)),
        Migration(version: 7, name: "plain_text_views", sql: text(PackageResources._007_plain_text_views_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
