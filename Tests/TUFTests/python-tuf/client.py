"""Downloads target files with the client of python-tuf and prints what it came to believe, as one JSON object.

    client.py METADATA-URL TARGETS-URL TRUSTED-ROOT FOLDER TARGET...

FOLDER keeps the trusted metadata from one run to the next. Exit status 1 with the refusal's class on standard error.
"""

import hashlib
import json
import sys
from pathlib import Path

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient import Updater

metadata_url, targets_url, trusted_root, folder, *names = sys.argv[1:]
metadata, targets = Path(folder, "metadata"), Path(folder, "targets")
for place in (metadata, targets):
    place.mkdir(parents=True, exist_ok=True)

try:
    updater = Updater(
        str(metadata), metadata_url, str(targets), targets_url, bootstrap=Path(trusted_root).read_bytes()
    )
    updater.refresh()
    digests = {}
    for name in names:
        info = updater.get_targetinfo(name)
        if info is None:
            raise RepositoryError(f"no role names {name}")
        content = Path(updater.download_target(info)).read_bytes()
        digests[name] = hashlib.sha256(content).hexdigest()
except (DownloadError, RepositoryError) as error:
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(1)

versions = {
    role: json.loads((metadata / f"{role}.json").read_bytes())["signed"]["version"]
    for role in ("root", "timestamp", "snapshot", "targets")
}
print(json.dumps({"versions": versions, "targets": digests}))
