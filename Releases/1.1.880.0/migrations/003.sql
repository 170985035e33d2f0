-- Schema epoch 3: how long each step took.

UPDATE run_history SET duration = strftime('%s', ended) - strftime('%s', started);
CREATE INDEX run_history_by_duration ON run_history (duration);
