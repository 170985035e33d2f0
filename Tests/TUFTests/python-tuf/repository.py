"""Builds a repository with python-tuf that has what a client may meet.

    repository.py FOLDER (named | succinct)

Below FOLDER: metadata/, targets/, trusted-root.json (the first root), and expected.json with the digest of every target
file, or null for a name that no role may speak for.
"""

import copy
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    SuccinctRoles,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

folder, kind = Path(sys.argv[1]), sys.argv[2]
ends = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=30)
expected = {}


def ed25519():
    return CryptoSigner.generate_ed25519()


def p256():
    return CryptoSigner.generate_ecdsa()


def p384():
    return CryptoSigner(generate_private_key(SECP384R1()))


def rsa():
    return CryptoSigner.generate_rsa(size=2048)


def write(metadata, name, *signers):
    """Signs with all signers and writes metadata below a name that may hold anything."""
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    place = folder / "metadata" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    metadata.to_file(str(place), JSONSerializer(compact=True))


def add(targets, path, custom=None, reachable=True):
    """Lets a role name a target file, and writes the file."""
    content = f"the content of {path}\n".encode()
    digest = hashlib.sha256(content).hexdigest()
    info = TargetFile(len(content), {"sha256": digest, "sha512": hashlib.sha512(content).hexdigest()}, path)
    if custom is not None:
        info.unrecognized_fields["custom"] = custom
    targets.targets[path] = info
    expected[path] = digest if reachable else None
    place = folder / "targets" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.with_name(f"{digest}.{place.name}").write_bytes(content)


def roots(signers):
    """Root through four versions: other keys for every role, other thresholds, keys that nobody knows."""
    root = Root(version=1, expires=ends, consistent_snapshot=True)
    first = {"root": [ed25519(), p256(), rsa()], "timestamp": [ed25519()], "snapshot": [p256()], "targets": [rsa()]}
    for role, keys in first.items():
        for signer in keys:
            root.add_key(signer.public_key, role)
    root.roles["root"].threshold = 2
    root.unrecognized_fields["x-ours"] = {"ключ": ["\u0000\u0001\u001f\u007f", 'a"b\\c/d', "\u2028 \U0001f511 é e\u0301"]}
    write(Metadata(root), "1.root.json", first["root"][0], first["root"][2])
    (folder / "trusted-root.json").write_bytes((folder / "metadata" / "1.root.json").read_bytes())

    # The second root: another set of root keys, signed by two of the old and three of the new.
    second = [p384(), ed25519(), p256()]
    root = copy.deepcopy(root)
    root.version = 2
    for signer in first["root"]:
        root.revoke_key(signer.public_key.keyid, "root")
    for signer in second:
        root.add_key(signer.public_key, "root")
    root.roles["root"].threshold = 3
    write(Metadata(root), "2.root.json", first["root"][0], first["root"][1], *second)

    # The third: other keys for the online roles, and one of a kind that no client knows.
    root = copy.deepcopy(root)
    root.version = 3
    for role, keys in first.items():
        if role != "root":
            for signer in keys:
                root.revoke_key(signer.public_key.keyid, role)
            for signer in signers[role]:
                root.add_key(signer.public_key, role)
            root.roles[role].threshold = len(signers[role])
    unknown = SSlibKey("ab" * 32, "lattice", "lattice-1", {"public": "00"})
    root.add_key(unknown, "targets")
    write(Metadata(root), "3.root.json", *second)

    # The fourth: nothing but a later end.
    root = copy.deepcopy(root)
    root.version = 4
    root.expires = ends + timedelta(days=1)
    write(Metadata(root), "4.root.json", *second)


signers = {"timestamp": [ed25519(), p384()], "snapshot": [rsa()], "targets": [p384(), ed25519(), p256()]}
roots(signers)
targets, delegated = Targets(version=7, expires=ends), {}
add(targets, "plain.txt", custom={"note": "tab\tnew\nline\u0000\u001b \"quoted\" \\ é", "nested": [1, -2, True, None, {}]})
add(targets, "ordner/größe und mehr.txt")
targets.unrecognized_fields["x-later"] = ["kept", {"as": "signed"}]

if kind == "named":
    names = {
        "documents": ["docs/*.txt", "docs/?/*.md"],
        "rôle ü/1": ["deep/*"],
        "terminating": ["stop/*"],
        "after": ["stop/*", "late/*"],
    }
    keys = {"documents": [p256(), ed25519()], "rôle ü/1": [rsa()], "terminating": [ed25519()], "after": [p384()]}
    for name in names:
        delegated[name] = Targets(version=3, expires=ends)
    add(delegated["documents"], "docs/read.txt")
    add(delegated["documents"], "docs/a/read.md")
    add(delegated["documents"], "docs/a/read.txt", reachable=False)
    add(delegated["rôle ü/1"], "deep/größe.txt")
    add(delegated["terminating"], "stop/here.txt")
    add(delegated["after"], "stop/there.txt", reachable=False)
    add(delegated["after"], "late/one.txt")
    roles = {
        name: DelegatedRole(name, [], len(keys[name]), name == "terminating", paths=paths)
        for name, paths in names.items()
    }
    # By the digest of the path: this role may speak for the half that begins with 0 to 7.
    hashed = Targets(version=2, expires=ends)
    keys["hashed"] = [p256()]
    prefixes = [f"{digit:x}" for digit in range(8)]
    roles["hashed"] = DelegatedRole("hashed", [], 1, False, path_hash_prefixes=prefixes)
    for number in range(12):
        path = f"by-hash/{number}"
        add(hashed, path, reachable=hashlib.sha256(path.encode()).hexdigest()[0] in prefixes)
    delegated["hashed"] = hashed
    targets.delegations = Delegations({}, roles)
    for name, ours in keys.items():
        for signer in ours:
            targets.add_key(signer.public_key, name)
    # A delegation of a delegated role.
    inner, signer = Targets(version=1, expires=ends), ed25519()
    add(inner, "deep/within.txt")
    delegated["rôle ü/1"].delegations = Delegations(
        {}, {"inner": DelegatedRole("inner", [], 1, False, paths=["deep/with*"])}
    )
    delegated["rôle ü/1"].add_key(signer.public_key, "inner")
    delegated["inner"], keys["inner"] = inner, [signer]
else:
    signer = p256()
    bins = SuccinctRoles([], 1, 4, "bin")
    targets.delegations = Delegations({}, None, bins)
    targets.add_key(signer.public_key)
    keys = {}
    for name in bins.get_roles():
        delegated[name], keys[name] = Targets(version=5, expires=ends), [signer]
    for number in range(24):
        path = f"pool/größe {number}"
        add(delegated[bins.get_role_for_target(path)], path)
    wrong = next(name for name in bins.get_roles() if name != bins.get_role_for_target("pool/misplaced"))
    add(delegated[wrong], "pool/misplaced", reachable=False)

files = {"targets.json": MetaFile(targets.version)}
write(Metadata(targets), f"{targets.version}.targets.json", *signers["targets"])
for name, content in delegated.items():
    # As the server finds it after decoding the address: a slash in a role's name makes a folder.
    file = f"{content.version}.{name}.json"
    write(Metadata(content), file, *keys[name])
    data = (folder / "metadata" / file).read_bytes()
    files[f"{name}.json"] = MetaFile(content.version, len(data), {"sha256": hashlib.sha256(data).hexdigest()})
snapshot = Snapshot(version=9, expires=ends, meta=files)
write(Metadata(snapshot), "9.snapshot.json", *signers["snapshot"])
data = (folder / "metadata" / "9.snapshot.json").read_bytes()
timestamp = Timestamp(
    version=11, expires=ends, snapshot_meta=MetaFile(9, len(data), {"sha512": hashlib.sha512(data).hexdigest()})
)
write(Metadata(timestamp), "timestamp.json", *signers["timestamp"])
(folder / "expected.json").write_text(json.dumps(expected))
