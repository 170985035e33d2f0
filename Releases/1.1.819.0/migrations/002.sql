-- Schema epoch 2: who changed which rule, and when.

CREATE TABLE rule_changes (
    id INTEGER PRIMARY KEY NOT NULL,
    changed TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    rule TEXT NOT NULL,
    change TEXT NOT NULL,
    digest TEXT NOT NULL
);

CREATE TRIGGER rule_added AFTER INSERT ON rules BEGIN
    INSERT INTO rule_changes (rule, change, digest) VALUES (new.id, 'added', new.digest);
END;

CREATE TRIGGER rule_removed AFTER DELETE ON rules BEGIN
    INSERT INTO rule_changes (rule, change, digest) VALUES (old.id, 'removed', old.digest);
END;

CREATE TRIGGER rule_changed AFTER UPDATE OF digest, disabled ON rules
WHEN old.digest <> new.digest OR old.disabled <> new.disabled BEGIN
    INSERT INTO rule_changes (rule, change, digest)
    VALUES (new.id, CASE WHEN old.digest <> new.digest THEN 'changed'
                         WHEN new.disabled THEN 'disabled' ELSE 'enabled' END, new.digest);
END;

-- Counting the objects of a type is asked for before every upgrade.
CREATE INDEX connector_space_by_connector ON connector_space (connector, type);

-- What was imported under the old schema is read again.
INSERT INTO scheduler_overrides (connector, kind, reason)
SELECT id, 'full-import', 'schema 2' FROM connectors WHERE kind = 'ad'
ON CONFLICT DO NOTHING;
