import ArgumentParser

extension Incidents {
    /// Writes a note.
    struct AddNote: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "note", abstract: "Write a note on an incident.",
            discussion: "Example: alertgate incidents note 4711 \"waiting for the new disk\"")

        @Argument(help: "The incident's number or id.")
        var incident: IncidentReference

        @Argument(help: "The text, 1 to 25000 characters.")
        var text: String

        @OptionGroup var options: IncidentOptions

        func validate() throws { try Names.check(note: text) }

        func run() throws {
            options.show(try options.desk().addNote(text, to: incident.id))
        }
    }
}
