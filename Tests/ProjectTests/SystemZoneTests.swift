import Testing
import TimeZones

/// The zones of this machine, whatever version they have.
@Suite struct SystemZoneTests {
    /// Every zone of the database at moments between 1800 and 2128, and in 9997, as Python reads the same files.
    @Test func theSystemsZonesAreThoseOfPython() async throws {
        let script = """
            import datetime, random, zoneinfo
            random.seed(20261127)
            epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
            seconds = [random.randrange(-5364662400, 5000000000) for _ in range(60)] + [253315299600]
            for name in sorted(zoneinfo.available_timezones() - {"Factory", "localtime"}):
                zone = zoneinfo.ZoneInfo(name)
                for second in seconds:
                    offset = (epoch + datetime.timedelta(seconds=second)).astimezone(zone).utcoffset()
                    print(name, second, int(offset.total_seconds()))
            """
        let folder = ZoneDatabase.system.folder
        let python = try await run("python3", "-c", script, environment: ["PYTHONTZPATH": folder])
        #expect(python.status == 0, "\(python.errors)")
        let lines = python.output.split(separator: "\n")
        #expect(lines.count > 400 * 61)
        for line in lines {
            let words = line.split(separator: " ")
            let zone = try #require(ZoneDatabase.system[String(words[0])], "\(line)")
            let second = try #require(Int64(words[1]), "\(line)")
            if "\(zone.offset(at: second))" != words[2] { Issue.record("\(line)") }
        }
    }
}
