-- Alerts that go and come all the time (docs/noise.md).

ALTER TABLE services ADD COLUMN flap_detection TEXT;   -- JSON: from how many changes on an alert counts as flapping; NULL: none does
ALTER TABLE incidents ADD COLUMN flapping_until INTEGER; -- ms since 1970 UTC: until then it stays open, unless its alerts change again
ALTER TABLE incidents ADD COLUMN flap_changes INTEGER NOT NULL DEFAULT 0 CHECK (flap_changes >= 0); -- state changes counted while it flaps

CREATE TABLE flap_links (
    -- fold. Which earlier alerts of its key made one count as flapping: what became of it hangs on them.
    alert_id         INTEGER NOT NULL,
    earlier_alert_id INTEGER NOT NULL,
    PRIMARY KEY (alert_id, earlier_alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flap_links_earlier ON flap_links (earlier_alert_id);

-- It names the table that is made anew.
DROP VIEW suppressed_alerts;
CREATE TABLE new_timers (
    -- fold. What falls due later.
    kind       TEXT    NOT NULL CHECK (kind IN ('acknowledgement_timeout', 'auto_resolve', 'snooze', 'flap_release', 'release', 'silence_end')), -- the first four of an incident, the others of an alert, a silence
    subject_id INTEGER NOT NULL,           -- the incident, alert or silence
    due_at     INTEGER NOT NULL,           -- ms since 1970 UTC: when it falls due
    PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_timers (kind, subject_id, due_at) SELECT kind, subject_id, due_at FROM timers;
DROP TABLE timers;
ALTER TABLE new_timers RENAME TO timers;
CREATE INDEX timers_due ON timers (due_at);

CREATE VIEW suppressed_alerts AS
    -- Alerts that are held back now, the oldest first.
    SELECT a.id AS alert, s.name AS service, a.severity, a.summary, a.source, a.dedup_key, a.silence_id AS silence,
           a.inhibiting_alert_id AS inhibiting_alert, a.trigger_count AS triggers,
           strftime('%Y-%m-%dT%H:%M:%SZ', a.created_at / 1000.0, 'unixepoch') AS created_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', t.due_at / 1000.0, 'unixepoch') AS until
      FROM alerts a JOIN services s ON s.id = a.service_id
      LEFT JOIN timers t ON t.kind = 'release' AND t.subject_id = a.id
     WHERE a.status = 'triggered' AND (a.silence_id IS NOT NULL OR a.inhibiting_alert_id IS NOT NULL)
     ORDER BY a.id;

CREATE VIEW flapping_incidents AS
    -- Incidents that stay open because an alert of theirs goes and comes all the time.
    SELECT i.id AS incident, s.name AS service, i.title, i.flap_changes AS changes, i.open_alert_count AS open_alerts,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.flapping_until / 1000.0, 'unixepoch') AS until
      FROM incidents i JOIN services s ON s.id = i.service_id
     WHERE i.status <> 'resolved' AND i.flapping_until IS NOT NULL
     ORDER BY i.id;
