-- One row for an alert and what has to be equal, rather than one for each rule as well: many rules name the same labels.

CREATE TABLE new_inhibition_sources (
    -- fold. The open alerts that hold others back.
    equal_values TEXT    NOT NULL,         -- the labels that have to be equal, and the values, each after its length
    alert_id     INTEGER NOT NULL,         -- the alert
    rules        TEXT    NOT NULL,         -- JSON: by which rules; 1: it matches the target side, too, and holds back none that does so
    PRIMARY KEY (equal_values, alert_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_inhibition_sources (equal_values, alert_id, rules)
    SELECT labels || '|' || equal_values, alert_id, json_group_object(CAST(rule_id AS TEXT), is_target)
      FROM (SELECT coalesce((SELECT group_concat(label.value, ',') FROM json_each(r.equal) AS label), '') AS labels,
                   s.equal_values, s.alert_id, s.rule_id, s.is_target
              FROM inhibition_sources s JOIN inhibition_rules r ON r.id = s.rule_id ORDER BY s.rule_id)
     GROUP BY labels, equal_values, alert_id;
DROP TABLE inhibition_sources;
ALTER TABLE new_inhibition_sources RENAME TO inhibition_sources;
CREATE INDEX inhibition_sources_alert ON inhibition_sources (alert_id);
