-- What removing old incidents in small steps rests on (docs/adr/0007-retention.md).

CREATE TABLE incident_actions (
    -- fold. Which incidents each action named, whatever became of it: what can only go together.
    incident_id INTEGER NOT NULL,          -- 0: which others the outcome hung on is not known
    event_id    INTEGER NOT NULL,          -- the action
    PRIMARY KEY (incident_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_actions_event ON incident_actions (event_id);

CREATE TABLE expiring_incidents (
    -- Incidents that are gone, and what is left of them is being removed. The events whose outcome names one of them no
    -- longer count as part of the log. Empty but while retention is at work.
    incident_id   INTEGER PRIMARY KEY,
    last_event_id INTEGER NOT NULL         -- no event of the incident comes after this one
) STRICT;

INSERT OR IGNORE INTO incident_actions (incident_id, event_id)
    WITH actions AS (
        SELECT id, json_extract(CAST(body AS TEXT), '$.command') AS command FROM events
         WHERE kind = 'action' AND id <= (SELECT event_id FROM worker_cursor)
    )
    SELECT json_extract(u.value, '$.incidentID'), a.id
      FROM actions a, json_each(a.command, '$.updateIncidents._0') u
    UNION SELECT json_extract(command, '$.updateAlerts._0'), id FROM actions WHERE json_type(command, '$.updateAlerts') = 'object'
    UNION SELECT json_extract(u.value, '$.incidentID'), a.id
      FROM actions a, json_each(a.command, '$.updateAlerts._1') u WHERE json_extract(u.value, '$.incidentID') IS NOT NULL
    UNION SELECT json_extract(command, '$.mergeIncidents.into'), id FROM actions WHERE json_type(command, '$.mergeIncidents') = 'object'
    UNION SELECT u.value, a.id FROM actions a, json_each(a.command, '$.mergeIncidents._1') u
    UNION SELECT json_extract(command, '$.snoozeIncident._0'), id FROM actions WHERE json_type(command, '$.snoozeIncident') = 'object'
    UNION SELECT json_extract(command, '$.addNote._0'), id FROM actions WHERE json_type(command, '$.addNote') = 'object';
INSERT OR IGNORE INTO incident_actions (incident_id, event_id)
    SELECT 0, event_id FROM event_outcomes
     WHERE reason IN ('alert open in another incident', 'open incident with the same key', 'service in use',
        'integration has open alerts', 'could not be applied');
