# Waits for answers that nobody gives.
while [ ! -f "$data/answers" ]; do sleep 1 9>&-; done
