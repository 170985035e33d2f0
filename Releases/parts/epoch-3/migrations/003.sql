-- Schema epoch 3: the history is purged by age and looked at by connector.

CREATE INDEX run_history_by_end ON run_history (ended);

CREATE VIEW last_runs AS
SELECT connector, profile, status, max(ended) AS ended FROM run_history GROUP BY connector, profile;
