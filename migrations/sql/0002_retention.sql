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
    SELECT json_extract(u.value, '$.incidentID'), e.id
      FROM events e, json_each(CAST(e.body AS TEXT), '$.command.updateIncidents._0') u
     WHERE e.kind = 'action' AND e.action = 'update_incidents' AND e.id <= (SELECT event_id FROM worker_cursor);
INSERT OR IGNORE INTO incident_actions (incident_id, event_id)
    SELECT 0, event_id FROM event_outcomes
     WHERE reason IN ('alert open in another incident', 'could not be applied');
