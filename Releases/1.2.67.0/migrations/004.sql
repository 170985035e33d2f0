-- Schema epoch 4: a count of cycles that outlives the purge of the history.

CREATE TABLE cycle_statistics (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    cycles INTEGER NOT NULL,
    last_result TEXT NOT NULL
);

CREATE TRIGGER cycle_counted AFTER INSERT ON cycles BEGIN
    INSERT INTO cycle_statistics (id, cycles, last_result) VALUES (1, 1, new.result);
END;
