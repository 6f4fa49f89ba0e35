import Alerting

/// The columns that `events` and `alerts` have in common: component, group, class, sent_at, client and client_url, in this
/// order.
enum AlertDataColumns {
    /// Binds the six.
    static func bind(_ data: AlertData, to row: inout Binder) {
        row.add(data.component)
        row.add(data.group)
        row.add(data.class)
        row.add(data.sentAt)
        row.add(data.client)
        row.add(data.clientURL)
    }

    /// Reads the six, the first of which is `column`.
    static func read(_ row: Row, from column: Int32, into data: inout AlertData) {
        data.component = row.optionalText(column)
        data.group = row.optionalText(column + 1)
        data.class = row.optionalText(column + 2)
        data.sentAt = row.optionalTime(column + 3)
        data.client = row.optionalText(column + 4)
        data.clientURL = row.optionalText(column + 5)
    }
}
