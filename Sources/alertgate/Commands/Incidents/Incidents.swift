import ArgumentParser

/// Lists and changes incidents.
struct Incidents: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and change incidents.",
        discussion: """
            On the database, with the daemon running or not; or, with --url or ALERTGATE_URL, on a gateway that runs \
            anywhere, through its REST API and with the token in ALERTGATE_TOKEN. A flag goes before the environment, \
            and ALERTGATE_URL before ALERTGATE_DB.

            Examples:
              alertgate incidents --status triggered
              alertgate incidents ack 4711 4712
              alertgate incidents resolve 4711 --note "disk replaced"
              ALERTGATE_TOKEN=… alertgate incidents list --url https://alertgate.example.com
            """,
        subcommands: [
            List.self, Show.self, Acknowledge.self, Resolve.self, Reopen.self, AddNote.self, Snooze.self, Merge.self,
        ],
        defaultSubcommand: List.self)
}
