-- Services with too many new incidents at a time (docs/noise.md).

ALTER TABLE services ADD COLUMN storm_detection TEXT;    -- JSON: from how many new incidents a minute on alerts join one; NULL: they never do
ALTER TABLE incidents ADD COLUMN storm_level INTEGER CHECK (storm_level >= 1); -- it takes the alerts of a storm, or took: how many thresholds that passed; NULL: of none
ALTER TABLE incidents ADD COLUMN storm_until INTEGER;    -- ms since 1970 UTC: until then it takes them and stays open, unless there are too many again; NULL: no longer
ALTER TABLE incidents ADD COLUMN storm_counted_since INTEGER; -- ms since 1970 UTC: since when alerts are counted for the next threshold
ALTER TABLE incidents ADD COLUMN storm_count INTEGER;    -- how many came since then
CREATE INDEX incidents_storms ON incidents (id) WHERE storm_level IS NOT NULL;

CREATE TABLE storm_links (
    -- fold. With which earlier incidents one was too many, so that a storm began: what became of it hangs on them.
    incident_id         INTEGER NOT NULL,
    earlier_incident_id INTEGER NOT NULL,
    PRIMARY KEY (incident_id, earlier_incident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX storm_links_earlier ON storm_links (earlier_incident_id);

-- It names the table that is made anew.
DROP VIEW suppressed_alerts;
CREATE TABLE new_timers (
    -- fold. What falls due later.
    kind       TEXT    NOT NULL CHECK (kind IN ('acknowledgement_timeout', 'auto_resolve', 'snooze', 'flap_release', 'storm_end', 'release', 'silence_end')), -- the first five of an incident, the others of an alert, a silence
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

CREATE VIEW storm_incidents AS
    -- Incidents that took the alerts of storms, the newest first, with the first of those alerts.
    SELECT i.id AS incident, s.name AS service, i.status, i.storm_level AS level, i.alert_count AS alerts,
           i.open_alert_count AS open_alerts,
           (SELECT count(DISTINCT a.source) FROM alerts a WHERE a.incident_id = i.id) AS sources,
           (SELECT group_concat(first.summary, '; ') FROM
               (SELECT a.summary FROM alerts a WHERE a.incident_id = i.id ORDER BY a.created_at, a.id LIMIT 3) AS first
           ) AS samples,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.created_at / 1000.0, 'unixepoch') AS created_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.storm_until / 1000.0, 'unixepoch') AS until
      FROM incidents i JOIN services s ON s.id = i.service_id
     WHERE i.storm_level IS NOT NULL
     ORDER BY i.id DESC;
