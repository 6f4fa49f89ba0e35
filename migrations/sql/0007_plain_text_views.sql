-- Text of senders and of persons never drives the terminal that the sqlite3 shell writes to: where it has control characters,
-- the views show pictures of them (`␛`, `␊`) or the replacement character. The tables have the text as it came.

CREATE VIEW control_characters AS
    -- What drives a terminal or turns the reading direction, with what the other views show in its place. `pattern` finds
    -- a text with one of them, but for NUL, behind which no pattern looks. No function but json_quote sees NUL: so the views
    -- replace it in the quoted text, beside escaped backslashes.
    WITH RECURSIVE ranges(first, last) AS (
             VALUES (0, 31), (127, 159), (1564, 1564), (8206, 8207), (8232, 8238), (8294, 8297)),
         codes(code, last) AS (SELECT first, last FROM ranges UNION ALL SELECT code + 1, last FROM codes WHERE code < last)
    SELECT row_number() OVER (ORDER BY code) - 1 AS place, char(code) AS character,
           char(CASE WHEN code < 32 THEN 9216 + code WHEN code = 127 THEN 9249 ELSE 65533 END) AS picture,
           (SELECT '*[' || group_concat(char(max(first, 1)) || '-' || char(last), '') || ']*' FROM ranges) AS pattern
      FROM codes;

DROP VIEW recent_events;

DROP VIEW open_incidents;
CREATE VIEW open_incidents AS
    -- Incidents that still need somebody, the oldest first.
    SELECT i.id AS number, i.status, i.urgency,
           CASE WHEN s.name GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(s.name, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(s.name),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE s.name END AS service,
           CASE WHEN i.title GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(i.title, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(i.title),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE i.title END AS title,
           CASE WHEN i.incident_key GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(i.incident_key, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(i.incident_key),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE i.incident_key END AS incident_key,
           i.open_alert_count AS open_alerts, i.alert_count AS alerts,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.created_at / 1000.0, 'unixepoch') AS created_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.updated_at / 1000.0, 'unixepoch') AS updated_at
      FROM incidents i INDEXED BY incidents_open JOIN services s ON s.id = i.service_id
     WHERE i.status <> 'resolved'
     ORDER BY i.created_at, i.id;

DROP VIEW incident_timeline;
CREATE VIEW incident_timeline AS
    -- The history of incidents: select … where incident = <number>.
    SELECT l.incident_id AS incident,
           strftime('%Y-%m-%dT%H:%M:%fZ', l.created_at / 1000.0, 'unixepoch') AS at,
           l.kind,
           CASE WHEN l.agent GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(l.agent, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(l.agent),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE l.agent END AS agent,
           l.repeat_count AS repeats,
           CASE WHEN coalesce(l.note, l.title, l.urgency, e.summary) GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(coalesce(l.note, l.title, l.urgency, e.summary), char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(coalesce(l.note, l.title, l.urgency, e.summary)),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE coalesce(l.note, l.title, l.urgency, e.summary) END AS text,
           l.id / 4096 AS event
      FROM log_entries l LEFT JOIN events e ON e.id = l.id / 4096
     ORDER BY l.incident_id, l.id;

DROP VIEW event_trace;
CREATE VIEW event_trace AS
    -- What became of each event: select … where event = <id>.
    SELECT e.id AS event, strftime('%Y-%m-%dT%H:%M:%fZ', e.received_at / 1000.0, 'unixepoch') AS received_at,
           e.kind, e.action,
           CASE WHEN g.name GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(g.name, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(g.name),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE g.name END AS integration,
           CASE WHEN e.dedup_key GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(e.dedup_key, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(e.dedup_key),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE e.dedup_key END AS dedup_key,
           coalesce(o.outcome, 'waiting') AS outcome, o.reason, o.alert_id AS alert, o.incident_id AS incident,
           i.status AS incident_status,
           CASE WHEN e.summary GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(e.summary, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(e.summary),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE e.summary END AS summary
      FROM events e
      LEFT JOIN event_outcomes o ON o.event_id = e.id
      LEFT JOIN integrations g ON g.id = e.integration_id
      LEFT JOIN incidents i ON i.id = o.incident_id;

CREATE VIEW recent_events AS
    -- The newest hundred events and what became of them.
    SELECT * FROM event_trace ORDER BY event DESC LIMIT 100;

DROP VIEW suppressed_alerts;
CREATE VIEW suppressed_alerts AS
    -- Alerts that are held back now, the oldest first.
    SELECT a.id AS alert,
           CASE WHEN s.name GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(s.name, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(s.name),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE s.name END AS service,
           a.severity,
           CASE WHEN a.summary GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(a.summary, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(a.summary),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE a.summary END AS summary,
           CASE WHEN a.source GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(a.source, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(a.source),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE a.source END AS source,
           CASE WHEN a.dedup_key GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(a.dedup_key, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(a.dedup_key),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE a.dedup_key END AS dedup_key,
           a.silence_id AS silence, a.inhibiting_alert_id AS inhibiting_alert, a.trigger_count AS triggers,
           strftime('%Y-%m-%dT%H:%M:%SZ', a.created_at / 1000.0, 'unixepoch') AS created_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', t.due_at / 1000.0, 'unixepoch') AS until
      FROM alerts a JOIN services s ON s.id = a.service_id
      LEFT JOIN timers t ON t.kind = 'release' AND t.subject_id = a.id
     WHERE a.status = 'triggered' AND (a.silence_id IS NOT NULL OR a.inhibiting_alert_id IS NOT NULL)
     ORDER BY a.id;

DROP VIEW current_silences;
CREATE VIEW current_silences AS
    -- Silences that have not ended.
    SELECT q.id AS silence,
           CASE WHEN coalesce(s.name, '(all)') GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(coalesce(s.name, '(all)'), char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(coalesce(s.name, '(all)')),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE coalesce(s.name, '(all)') END AS service,
           CASE WHEN q.matchers GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(q.matchers, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(q.matchers),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE q.matchers END AS matchers,
           CASE WHEN q.recurrence GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(q.recurrence, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(q.recurrence),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE q.recurrence END AS recurrence,
           CASE WHEN q.comment GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(q.comment, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(q.comment),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE q.comment END AS comment,
           CASE WHEN q.created_by GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(q.created_by, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(q.created_by),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE q.created_by END AS created_by,
           strftime('%Y-%m-%dT%H:%M:%SZ', q.starts_at / 1000.0, 'unixepoch') AS starts_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', q.ends_at / 1000.0, 'unixepoch') AS ends_at
      FROM silences q LEFT JOIN services s ON s.id = q.service_id
     WHERE q.ended_at IS NULL
     ORDER BY q.ends_at, q.id;

DROP VIEW flapping_incidents;
CREATE VIEW flapping_incidents AS
    -- Incidents that stay open because an alert of theirs goes and comes all the time.
    SELECT i.id AS incident,
           CASE WHEN s.name GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(s.name, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(s.name),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE s.name END AS service,
           CASE WHEN i.title GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(i.title, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(i.title),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE i.title END AS title,
           i.flap_changes AS changes, i.open_alert_count AS open_alerts,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.flapping_until / 1000.0, 'unixepoch') AS until
      FROM incidents i JOIN services s ON s.id = i.service_id
     WHERE i.status <> 'resolved' AND i.flapping_until IS NOT NULL
     ORDER BY i.id;

DROP VIEW storm_incidents;

CREATE VIEW storm_incidents AS
    -- Incidents that took the alerts of storms, the newest first, with the first of those alerts.
    SELECT i.incident, CASE WHEN i.service GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(i.service, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(i.service),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE i.service END AS service, i.status, i.level, i.alerts, i.open_alerts, i.sources,
           CASE WHEN i.samples GLOB (SELECT pattern FROM control_characters LIMIT 1) OR instr(i.samples, char(0)) THEN
                   (WITH RECURSIVE shown(place, text) AS (SELECT 0, json_extract(replace(replace(replace(json_quote(i.samples),
                            '\\', char(1)), '\u0000', '␀'), char(1), '\\'), '$') UNION ALL
                        SELECT s.place + 1, replace(s.text, c.character, c.picture) FROM shown s JOIN control_characters c USING (place))
                    SELECT text FROM shown ORDER BY place DESC LIMIT 1) ELSE i.samples END AS samples,
           i.created_at, i.until
      FROM (SELECT i.id AS incident, s.name AS service, i.status, i.storm_level AS level, i.alert_count AS alerts,
                   i.open_alert_count AS open_alerts,
                   (SELECT count(DISTINCT a.source) FROM alerts a WHERE a.incident_id = i.id) AS sources,
                   (SELECT group_concat(first.summary, '; ') FROM
                       (SELECT a.summary FROM alerts a WHERE a.incident_id = i.id ORDER BY a.created_at, a.id LIMIT 3) AS first
                   ) AS samples,
                   strftime('%Y-%m-%dT%H:%M:%SZ', i.created_at / 1000.0, 'unixepoch') AS created_at,
                   strftime('%Y-%m-%dT%H:%M:%SZ', i.storm_until / 1000.0, 'unixepoch') AS until
              FROM incidents i JOIN services s ON s.id = i.service_id
             WHERE i.storm_level IS NOT NULL) AS i
     ORDER BY i.incident DESC;
