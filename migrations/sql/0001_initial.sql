-- The first schema. Never edited after release: changes come as further files.
--
-- Every time is an INTEGER of milliseconds since 1970-01-01 UTC; the views show ISO 8601.
-- Every id is the number of the event that made the row; only log_entries.id differs (see there).
-- `events` is the log. Everything marked "fold" is what folding the log gives, and can be dropped and folded again.
-- A CHECK has OR in place of IN with three values or more, for which SQLite would build an index for each row.

CREATE TABLE schema_migrations (
    -- The migrations this file has been through.
    version    INTEGER PRIMARY KEY,        -- the number in the file name
    name       TEXT    NOT NULL,           -- the rest of the file name
    checksum   TEXT    NOT NULL,           -- SHA-256 of the file, in hex: a changed migration is refused
    applied_at INTEGER NOT NULL            -- ms since 1970 UTC
) STRICT;

CREATE TABLE events (
    -- The log: what came in, in the order it was committed. Rows are never changed. No secondary index: it would cost
    -- half the ingest rate.
    id             INTEGER PRIMARY KEY,    -- position in the log; grows, may have gaps, is never used again
    received_at    INTEGER NOT NULL,       -- ms since 1970 UTC; the only "now" the fold knows
    kind           TEXT    NOT NULL CHECK (kind = 'v1' OR kind = 'v2' OR kind = 'change' OR kind = 'action' OR kind = 'timer'),
    action         TEXT    NOT NULL,       -- trigger, acknowledge, resolve; change; else the name of the action or timer
    integration_id INTEGER,                -- the integration whose key it came with; of v1, v2 and change
    dedup_key      TEXT,                   -- dedup_key or incident_key, or the generated one; of v1 and v2
    summary        TEXT,                   -- payload.summary or description
    source         TEXT,                   -- payload.source
    severity       TEXT CHECK (severity = 'critical' OR severity = 'error' OR severity = 'warning' OR severity = 'info'), -- payload.severity; NULL in v1
    component      TEXT,                   -- payload.component
    "group"        TEXT,                   -- payload.group
    class          TEXT,                   -- payload.class
    sent_at        INTEGER,                -- payload.timestamp, ms since 1970 UTC: data, never an order
    client         TEXT,                   -- client, of triggers
    client_url     TEXT,                   -- client_url, of triggers
    attachments    INTEGER NOT NULL DEFAULT 0, -- what the body holds besides: 1 details, 2 links, 4 images (added up)
    content_digest INTEGER,                -- digest of all but the timestamp: equal ones are repeats; of v1 and v2
    body           BLOB    NOT NULL        -- the sender's bytes, unchanged; JSON of our own for action and timer
) STRICT;

CREATE TABLE event_outcomes (
    -- fold. What became of each event, one row each, in the order of the log.
    event_id    INTEGER PRIMARY KEY,
    outcome     TEXT    NOT NULL,          -- opened, grouped, deduplicated, acknowledged, resolved, dropped, refused, ...
    reason      TEXT,                      -- why, where the outcome is dropped or refused
    alert_id    INTEGER,                   -- the alert it went to
    incident_id INTEGER,                   -- the incident it went to
    subject     INTEGER                    -- the resource over which an action was refused
) STRICT;

CREATE TABLE worker_cursor (
    -- fold. How far the worker has come: one row.
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    event_id   INTEGER NOT NULL            -- the last event applied; 0 before the first
) STRICT;
INSERT INTO worker_cursor (id, event_id) VALUES (1, 0);

CREATE TABLE services (
    -- fold. What incidents are about.
    id                      INTEGER PRIMARY KEY,
    name                    TEXT    NOT NULL,
    description             TEXT    NOT NULL DEFAULT '',
    created_at              INTEGER NOT NULL,  -- ms since 1970 UTC: when it was made
    acknowledgement_timeout INTEGER CHECK (acknowledgement_timeout > 0), -- seconds until an acknowledged incident is triggered again; NULL: never
    auto_resolve_timeout    INTEGER CHECK (auto_resolve_timeout > 0),    -- seconds until an open incident resolves by itself; NULL: never
    alert_grouping          TEXT,                    -- JSON: how its alerts are brought together; NULL: not at all
    disabled_at             INTEGER,           -- ms since 1970 UTC: since when it takes no events; NULL: it does
    deleted_at              INTEGER            -- ms since 1970 UTC: since when it is deleted; kept for the incidents it had
) STRICT;
CREATE UNIQUE INDEX services_name ON services (name) WHERE deleted_at IS NULL;

CREATE TABLE integrations (
    -- fold. The ways into a service; one key each.
    id                      INTEGER PRIMARY KEY,
    service_id              INTEGER NOT NULL REFERENCES services (id),
    name                    TEXT    NOT NULL,
    key                     TEXT    NOT NULL,        -- the integration key. Secret
    previous_key            TEXT,                    -- the key before the last rotation. Secret
    previous_key_expires_at INTEGER,           -- ms since 1970 UTC: until when that one is good
    default_severity        TEXT    NOT NULL CHECK (default_severity = 'critical' OR default_severity = 'error' OR default_severity = 'warning' OR default_severity = 'info'), -- for v1, which has none
    created_at              INTEGER NOT NULL,  -- ms since 1970 UTC: when it was made
    disabled_at             INTEGER,           -- ms since 1970 UTC: since when it takes no events; NULL: it does
    deleted_at              INTEGER            -- ms since 1970 UTC: since when it is deleted; kept for the alerts it had
) STRICT;
CREATE UNIQUE INDEX integrations_key ON integrations (key) WHERE deleted_at IS NULL;
CREATE INDEX integrations_service ON integrations (service_id);

CREATE TABLE api_tokens (
    -- fold. Who may use the admin API.
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,           -- shown as the agent of what is done with it
    hash       BLOB    NOT NULL UNIQUE,    -- SHA-256 of the token; the token itself is nowhere
    read_only  INTEGER NOT NULL CHECK (read_only IN (0, 1)),
    email      TEXT,                       -- its holder's address, which a From header may name
    created_at INTEGER NOT NULL,               -- ms since 1970 UTC: when it was made
    revoked_at INTEGER                         -- ms since 1970 UTC: since when it is refused; NULL: it is good
) STRICT;

CREATE TABLE token_uses (
    -- When each token was last used, to the minute. No part of the log or the fold: nothing is decided by it.
    token_id INTEGER PRIMARY KEY,
    used_at  INTEGER NOT NULL              -- ms since 1970 UTC
) STRICT;

CREATE TABLE incidents (
    -- fold. What people are called for. id is the incident's number.
    id                         INTEGER PRIMARY KEY,
    service_id                 INTEGER NOT NULL,
    incident_key               TEXT    NOT NULL,  -- the dedup key of the first alert, or what a person opened it under
    title                      TEXT    NOT NULL,
    status                     TEXT    NOT NULL CHECK (status = 'triggered' OR status = 'acknowledged' OR status = 'resolved'),
    urgency                    TEXT    NOT NULL CHECK (urgency IN ('high', 'low')),
    urgency_set_by_hand        INTEGER NOT NULL CHECK (urgency_set_by_hand IN (0, 1)), -- 1: it stands until the next new alert or change of severity
    created_at                 INTEGER NOT NULL,  -- ms since 1970 UTC: when it was made
    updated_at                 INTEGER NOT NULL,  -- ms since 1970 UTC: when anything of it changed last
    last_status_change_at      INTEGER NOT NULL,  -- ms since 1970 UTC: when its status changed last
    last_status_change_by      TEXT    NOT NULL,  -- who, in the form of log_entries.agent
    resolved_at                INTEGER,           -- ms since 1970 UTC: when it was resolved; NULL while open
    resolved_event_id          INTEGER,           -- the event that resolved it
    acknowledgements           TEXT,              -- JSON: [{"at": ms, "agent": as in log_entries.agent}]; NULL unless acknowledged
    merged_into_incident_id    INTEGER,           -- it was merged into this one, and cannot be reopened
    alert_count                INTEGER NOT NULL CHECK (alert_count >= 0),
    open_alert_count           INTEGER NOT NULL CHECK (open_alert_count BETWEEN 0 AND alert_count),
    open_high_urgency_count    INTEGER NOT NULL CHECK (open_high_urgency_count BETWEEN 0 AND open_alert_count), -- open alerts that ask for high urgency
    acknowledgement_expires_at INTEGER,           -- ms since 1970 UTC: when it is triggered again
    snoozed_until              INTEGER,           -- ms since 1970 UTC: when it is triggered again because it was snoozed
    auto_resolve_at            INTEGER,           -- ms since 1970 UTC: when it resolves by itself
    CHECK ((status = 'resolved') = (resolved_at IS NOT NULL)),
    CHECK ((status = 'resolved') = (resolved_event_id IS NOT NULL)),
    CHECK ((status = 'acknowledged') = (acknowledgements IS NOT NULL))
) STRICT;
CREATE INDEX incidents_created ON incidents (created_at, id);
CREATE INDEX incidents_service ON incidents (service_id, created_at, id);
-- With all that open incidents are filtered by, so that no row is read to find them. It is written anew with each
-- change of an incident in any case, having the status in it, and holds open incidents only.
CREATE INDEX incidents_open ON incidents (status, created_at, id, service_id, urgency) WHERE status <> 'resolved';
CREATE INDEX incidents_resolved ON incidents (resolved_at, id) WHERE resolved_at IS NOT NULL;

CREATE TABLE incident_keys (
    -- fold. What the incidents that a person opened are found by: no alert was there first to have the key.
    incident_key TEXT    NOT NULL,
    incident_id  INTEGER NOT NULL,
    PRIMARY KEY (incident_key, incident_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_details (
    -- fold. What persons told of incidents when they opened them.
    incident_id INTEGER PRIMARY KEY,
    details     TEXT    NOT NULL
) STRICT;

CREATE TABLE alert_groups (
    -- fold. Of services that bring alerts together: the open incidents that the next alert of each group may join.
    service_id  INTEGER NOT NULL,
    value       TEXT    NOT NULL,          -- what the alerts have in common: fields with their values
    incident_id INTEGER NOT NULL,
    ends_at     INTEGER,                   -- ms since 1970 UTC: until when it takes alerts; NULL: as long as it is open
    PRIMARY KEY (service_id, value, incident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_groups_incident ON alert_groups (incident_id);

CREATE TABLE alerts (
    -- fold. What the events of one dedup key say, from the trigger that opened the alert to its resolve.
    id                   INTEGER PRIMARY KEY,
    incident_id          INTEGER NOT NULL,
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
    created_at           INTEGER NOT NULL,     -- ms since 1970 UTC: when it was made
    updated_at           INTEGER NOT NULL,     -- ms since 1970 UTC: when anything of it changed last
    resolved_at          INTEGER,              -- ms since 1970 UTC: when it was resolved; NULL while open
    resolved_event_id    INTEGER,            -- the event that resolved it
    trigger_count        INTEGER NOT NULL CHECK (trigger_count >= 1),  -- how many triggers it took
    last_trigger_digest  INTEGER NOT NULL,   -- events.content_digest of the newest trigger
    last_trigger_entry_id INTEGER NOT NULL,  -- the log entry that counts its repeats
    repeat_count         INTEGER NOT NULL CHECK (repeat_count >= 0),   -- identical triggers counted into that entry
    CHECK ((status = 'resolved') = (resolved_at IS NOT NULL)),
    CHECK ((status = 'resolved') = (resolved_event_id IS NOT NULL))
) STRICT;
-- At most one open alert for each integration and dedup key, whatever the program does.
CREATE UNIQUE INDEX alerts_open ON alerts (integration_id, dedup_key) WHERE status = 'triggered';
CREATE INDEX alerts_key ON alerts (dedup_key, incident_id);
CREATE INDEX alerts_incident ON alerts (incident_id, created_at, id);

CREATE TABLE log_entries (
    -- fold. The history of the incidents. id is event_id * 4096 + the entry's place among those of that event.
    id                      INTEGER PRIMARY KEY,
    incident_id             INTEGER NOT NULL,
    service_id              INTEGER NOT NULL,
    alert_id                INTEGER,           -- the alert it is about
    kind                    TEXT    NOT NULL,  -- trigger, acknowledge, unacknowledge, resolve, reopen, annotate, snooze, merge, alert_move, urgency_change, title_change
    created_at              INTEGER NOT NULL,  -- ms since 1970 UTC: when it was made
    agent                   TEXT    NOT NULL,  -- who: v1:<integration>, v2:<integration>, service:<service>, user:<token>:<name>, command_line
    note                    TEXT,              -- the resolution, or the text of a note
    urgency                 TEXT,              -- the new urgency
    title                   TEXT,              -- the new title
    acknowledgement_timeout INTEGER,           -- seconds until an acknowledgement runs out; 0: never
    snoozed_until           INTEGER,           -- ms since 1970 UTC: when a snooze ends
    other_incident_id       INTEGER,           -- the other side of a merge or of an alert's move
    repeat_count            INTEGER NOT NULL DEFAULT 0, -- identical triggers that followed
    last_repeated_at        INTEGER            -- ms since 1970 UTC: when the last of them came
) STRICT;
CREATE INDEX log_entries_incident ON log_entries (incident_id, id);
CREATE INDEX log_entries_created ON log_entries (created_at, id);

CREATE TABLE notes (
    -- fold. What people wrote on incidents.
    id          INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL,
    content     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,              -- ms since 1970 UTC: when it was made
    agent       TEXT    NOT NULL           -- who, in the form of log_entries.agent
) STRICT;
CREATE INDEX notes_incident ON notes (incident_id, id);

CREATE TABLE change_events (
    -- fold. Changes that senders told of; they touch no incident. Details, links and images are in events.body.
    id             INTEGER PRIMARY KEY,
    integration_id INTEGER NOT NULL,
    service_id     INTEGER NOT NULL,
    summary        TEXT    NOT NULL,
    source         TEXT,
    occurred_at    INTEGER NOT NULL,           -- ms since 1970 UTC: payload.timestamp, or the receipt
    created_at     INTEGER NOT NULL            -- ms since 1970 UTC: the receipt
) STRICT;
CREATE INDEX change_events_occurred ON change_events (occurred_at, id);

CREATE TABLE timers (
    -- fold. What falls due later.
    kind        TEXT    NOT NULL CHECK (kind = 'acknowledgement_timeout' OR kind = 'auto_resolve' OR kind = 'snooze'),
    incident_id INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,              -- ms since 1970 UTC: when it falls due
    PRIMARY KEY (kind, incident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due_at);

CREATE VIEW open_incidents AS
    -- Incidents that still need somebody, the oldest first.
    SELECT i.id AS number, i.status, i.urgency, s.name AS service, i.title, i.incident_key,
           i.open_alert_count AS open_alerts, i.alert_count AS alerts,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.created_at / 1000.0, 'unixepoch') AS created_at,
           strftime('%Y-%m-%dT%H:%M:%SZ', i.updated_at / 1000.0, 'unixepoch') AS updated_at
      FROM incidents i INDEXED BY incidents_open JOIN services s ON s.id = i.service_id
     WHERE i.status <> 'resolved'
     ORDER BY i.created_at, i.id;

CREATE VIEW incident_timeline AS
    -- The history of incidents: select … where incident = <number>.
    SELECT l.incident_id AS incident,
           strftime('%Y-%m-%dT%H:%M:%fZ', l.created_at / 1000.0, 'unixepoch') AS at,
           l.kind, l.agent, l.repeat_count AS repeats, coalesce(l.note, l.title, l.urgency, e.summary) AS text,
           l.id / 4096 AS event
      FROM log_entries l LEFT JOIN events e ON e.id = l.id / 4096
     ORDER BY l.incident_id, l.id;

CREATE VIEW event_trace AS
    -- What became of each event: select … where event = <id>.
    SELECT e.id AS event, strftime('%Y-%m-%dT%H:%M:%fZ', e.received_at / 1000.0, 'unixepoch') AS received_at,
           e.kind, e.action, g.name AS integration, e.dedup_key,
           coalesce(o.outcome, 'waiting') AS outcome, o.reason, o.alert_id AS alert, o.incident_id AS incident,
           i.status AS incident_status, e.summary
      FROM events e
      LEFT JOIN event_outcomes o ON o.event_id = e.id
      LEFT JOIN integrations g ON g.id = e.integration_id
      LEFT JOIN incidents i ON i.id = o.incident_id;

CREATE VIEW recent_events AS
    -- The newest hundred events and what became of them.
    SELECT * FROM event_trace ORDER BY event DESC LIMIT 100;
