-- Alerts that are held back, and what holds them back (docs/noise.md).

CREATE TABLE new_alerts (
    -- fold. What the events of one dedup key say, from the trigger that opened the alert to its resolve.
    id                   INTEGER PRIMARY KEY,
    incident_id          INTEGER,            -- NULL: it is held back, or was until it recovered
    service_id           INTEGER NOT NULL,
    integration_id       INTEGER NOT NULL,
    dedup_key            TEXT    NOT NULL,
    status               TEXT    NOT NULL CHECK (status IN ('triggered', 'resolved')),
    summary              TEXT    NOT NULL,
    source               TEXT    NOT NULL,
    severity             TEXT    NOT NULL CHECK (severity = 'critical' OR severity = 'error' OR severity = 'warning' OR severity = 'info'), -- the newest trigger's
    highest_severity     TEXT    NOT NULL CHECK (highest_severity = 'critical' OR highest_severity = 'error' OR highest_severity = 'warning' OR highest_severity = 'info'),
    component            TEXT,
    "group"              TEXT,
    class                TEXT,
    sent_at              INTEGER,              -- ms since 1970 UTC: the newest trigger's payload.timestamp
    client               TEXT,
    client_url           TEXT,
    details_event_id     INTEGER,            -- the event whose body holds the details
    links_event_id       INTEGER,            -- the event whose body holds the links
    images_event_id      INTEGER,            -- the event whose body holds the images
    silence_id           INTEGER,            -- the silence that holds it back, or did to the last; NULL in an incident
    inhibiting_alert_id  INTEGER,            -- the alert that does so
    inhibition_rule_id   INTEGER,            -- by this rule
    placed_event_id      INTEGER,            -- the event that brought it into an incident first
    created_at           INTEGER NOT NULL,     -- ms since 1970 UTC: when it was made
    updated_at           INTEGER NOT NULL,     -- ms since 1970 UTC: when anything of it changed last
    resolved_at          INTEGER,              -- ms since 1970 UTC: when it was resolved; NULL while open
    resolved_event_id    INTEGER,            -- the event that resolved it
    trigger_count        INTEGER NOT NULL CHECK (trigger_count >= 1),  -- how many triggers it took
    last_trigger_digest  INTEGER NOT NULL,   -- events.content_digest of the newest trigger
    last_trigger_entry_id INTEGER NOT NULL,  -- the log entry that counts its repeats; 0: none, it was never in an incident
    repeat_count         INTEGER NOT NULL CHECK (repeat_count >= 0),   -- identical triggers counted into that entry
    CHECK ((status = 'resolved') = (resolved_at IS NOT NULL)),
    CHECK ((status = 'resolved') = (resolved_event_id IS NOT NULL)),
    CHECK ((incident_id IS NOT NULL) + (silence_id IS NOT NULL) + (inhibiting_alert_id IS NOT NULL) = 1)
) STRICT;
INSERT INTO new_alerts (id, incident_id, service_id, integration_id, dedup_key, status, summary, source, severity, highest_severity, component,
    "group", class, sent_at, client, client_url, details_event_id, links_event_id, images_event_id, created_at, updated_at,
    resolved_at, resolved_event_id, trigger_count, last_trigger_digest, last_trigger_entry_id, repeat_count, placed_event_id)
    SELECT id, incident_id, service_id, integration_id, dedup_key, status, summary, source, severity, highest_severity, component,
    "group", class, sent_at, client, client_url, details_event_id, links_event_id, images_event_id, created_at, updated_at,
    resolved_at, resolved_event_id, trigger_count, last_trigger_digest, last_trigger_entry_id, repeat_count, id FROM alerts;
DROP TABLE alerts;
ALTER TABLE new_alerts RENAME TO alerts;
-- At most one open alert for each integration and dedup key, whatever the program does.
CREATE UNIQUE INDEX alerts_open ON alerts (integration_id, dedup_key) WHERE status = 'triggered';
CREATE INDEX alerts_key ON alerts (dedup_key, incident_id);
CREATE INDEX alerts_incident ON alerts (incident_id, created_at, id);
-- What looks at alerts again when a silence or an inhibiting alert ends.
CREATE INDEX alerts_silenced ON alerts (silence_id) WHERE silence_id IS NOT NULL AND status = 'triggered';
CREATE INDEX alerts_inhibited ON alerts (inhibiting_alert_id) WHERE inhibiting_alert_id IS NOT NULL AND status = 'triggered';
CREATE INDEX alerts_inhibited_by_rule ON alerts (inhibition_rule_id, id) WHERE inhibiting_alert_id IS NOT NULL AND status = 'triggered';
-- Alerts that recovered while they were held back: in no incident, they are removed by themselves.
CREATE INDEX alerts_recovered ON alerts (resolved_at, id) WHERE incident_id IS NULL AND resolved_at IS NOT NULL;

CREATE TABLE alert_holds (
    -- fold. Everything that has held back an alert, one after the other.
    alert_id            INTEGER NOT NULL,
    silence_id          INTEGER NOT NULL,  -- 0: an alert did
    inhibiting_alert_id INTEGER NOT NULL,  -- 0: a silence did
    PRIMARY KEY (alert_id, silence_id, inhibiting_alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_holds_silence ON alert_holds (silence_id) WHERE silence_id <> 0;
CREATE INDEX alert_holds_inhibiting ON alert_holds (inhibiting_alert_id) WHERE inhibiting_alert_id <> 0;

CREATE TABLE silences (
    -- fold. Alerts that match while one is in force are kept and marked, and open no incident.
    id         INTEGER PRIMARY KEY,
    service_id INTEGER,                    -- whose alerts; NULL: all
    matchers   TEXT    NOT NULL,           -- JSON: [{"label", "comparison", "value"}], all have to hold; []: the whole service
    starts_at  INTEGER NOT NULL,           -- ms since 1970 UTC: when its window starts, this one or the next
    ends_at    INTEGER NOT NULL,           -- ms since 1970 UTC: when that ends
    recurrence TEXT,                       -- JSON: how it comes back; NULL: not at all
    comment    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,           -- ms since 1970 UTC: when it was set
    created_by TEXT    NOT NULL,           -- who set it, in the form of log_entries.agent
    ended_at   INTEGER,                    -- ms since 1970 UTC: since when it is over; NULL: it is not
    ended_by   TEXT,                       -- who ended it before its time
    CHECK (starts_at < ends_at),
    CHECK (ended_by IS NULL OR ended_at IS NOT NULL)
) STRICT;
CREATE INDEX silences_current ON silences (ends_at, id) WHERE ended_at IS NULL;

CREATE TABLE inhibition_rules (
    -- fold. A new alert that matches the target side is held back while an older open one matches the source side.
    id              INTEGER PRIMARY KEY,
    service_id      INTEGER,               -- that both are of; NULL: any
    source_matchers TEXT    NOT NULL,      -- JSON, as silences.matchers: what holds back
    target_matchers TEXT    NOT NULL,      -- JSON: what is held back
    equal           TEXT    NOT NULL,      -- JSON: the labels that have to have the same values in both
    comment         TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,      -- ms since 1970 UTC: when it was made
    created_by      TEXT    NOT NULL,      -- who made it, in the form of log_entries.agent
    deleted_at      INTEGER                -- ms since 1970 UTC: when it was deleted; NULL: it is good
) STRICT;

CREATE TABLE inhibition_sources (
    -- fold. The open alerts that hold others back.
    rule_id      INTEGER NOT NULL,         -- by this rule
    equal_values TEXT    NOT NULL,         -- the values that have to be the same, each after its length
    alert_id     INTEGER NOT NULL,         -- the alert
    is_target    INTEGER NOT NULL CHECK (is_target IN (0, 1)), -- it matches the target side, too: then it holds back none that does so
    PRIMARY KEY (rule_id, equal_values, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inhibition_sources_alert ON inhibition_sources (alert_id);

ALTER TABLE integrations ADD COLUMN heartbeat_interval INTEGER; -- seconds that there may be between two events; NULL: any number

CREATE TABLE heartbeats (
    -- Since when integrations have their time of which something is expected every so often. Written with each batch, and no
    -- part of what the log gives: what was sent last may be gone from the log.
    integration_id INTEGER PRIMARY KEY,
    last_event_id  INTEGER NOT NULL,       -- the event with which its time began
    last_at        INTEGER NOT NULL,       -- ms since 1970 UTC: when that was
    sent_event_id  INTEGER NOT NULL        -- the last event that it sent itself; 0: none is known
) STRICT;

CREATE TABLE new_timers (
    -- fold. What falls due later.
    kind       TEXT    NOT NULL CHECK (kind IN ('acknowledgement_timeout', 'auto_resolve', 'snooze', 'release', 'silence_end')), -- the first three of an incident, the others of an alert, a silence
    subject_id INTEGER NOT NULL,           -- the incident, alert or silence
    due_at     INTEGER NOT NULL,           -- ms since 1970 UTC: when it falls due
    PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_timers (kind, subject_id, due_at) SELECT kind, incident_id, due_at FROM timers;
DROP TABLE timers;
ALTER TABLE new_timers RENAME TO timers;
CREATE INDEX timers_due ON timers (due_at);

CREATE TABLE expiring_alerts (
    -- As expiring_incidents: alerts that were held back once. Their events name no incident.
    alert_id      INTEGER PRIMARY KEY,
    last_event_id INTEGER NOT NULL         -- no such event comes after this one
) STRICT;

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

CREATE VIEW current_silences AS
    -- Silences that have not ended.
    SELECT q.id AS silence, coalesce(s.name, '(all)') AS service, q.matchers, q.recurrence, q.comment, q.created_by,
           strftime('%Y-%m-%dT%H:%M:%SZ', q.starts_at / 1000.0, 'unixepoch') AS starts_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', q.ends_at / 1000.0, 'unixepoch') AS ends_at
      FROM silences q LEFT JOIN services s ON s.id = q.service_id
     WHERE q.ended_at IS NULL
     ORDER BY q.ends_at, q.id;
