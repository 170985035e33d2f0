#!/usr/bin/env python3
"""Measures the rows of transfer.sh in turn, round by round, and prints the table. Called by transfer.sh.

Each row begins in an empty folder on the clients' file system, with what a client has beforehand: keys, a configuration,
an installed release. The clock stops when the new tree and the link to it are on the disk. Processor time and memory are
those of the row's processes, as the kernel reports them at their end.
"""
import argparse
import hashlib
import json
import os
import platform
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time

# The same for everybody: the tree is written to the disk, then one rename of a link, then the link's folder.
ACTIVATE = "sync -f release && ln -s release next && mv -T next current && sync ."
STAGED = "server/opt/adsync/releases/1.1.751.0"
OSTREE = """ostree --repo=repository init --mode=$OSTREE_MODE
ostree --repo=repository remote add --gpg-import=$KEYS/publisher.gpg origin $WEB/ostree
"""
ONE_SYNC = "ostree --repo=repository config set core.fsync false\n"
CHECKOUT = "ostree --repo=repository checkout -H origin:release release\n"
STAGE = (
    # `stage` has written the tree to the disk when it returns.
    f'"$PROGRAMS/aadc-upgrade" stage --root server --catalog $WEB/releases --target 1.1.751.0 >/dev/null\n'
    f"ln -s {STAGED} next && mv -T next current && sync .")

# A server that is offered a release runs: what it is asked before anything is fetched is measured with the rest.
SERVER = """cp -a $SIDE/server server
server/var/lib/adsync/current/release/bin/contract-service serve --root $PWD/server --format json >log 2>&1 </dev/null &
service=$!
until [ -s server/var/lib/adsync/serve.json ]; do kill -0 $service || { cat log >&2; exit 1; }; sleep 0.02; done
"""

# name: what it is, what is there before, what is measured.
ROWS = {
    "floor": (
        "curl, then minisign, then tar --zstd (the floor)", "",
        f"""curl -fsS -O $WEB/tree.tar.zst -O $WEB/tree.tar.zst.minisig
minisign -Vqm tree.tar.zst -p $KEYS/minisign.pub
mkdir release
tar --zstd -xf tree.tar.zst -C release
{ACTIVATE}"""),
    "ostree": (
        "ostree, objects", OSTREE,
        f"ostree --repo=repository pull --disable-static-deltas origin release >/dev/null\n{CHECKOUT}{ACTIVATE}"),
    "ostree-one-sync": (
        "ostree, objects, without fsync of each", OSTREE + ONE_SYNC,
        f"ostree --repo=repository pull --disable-static-deltas origin release >/dev/null\n{CHECKOUT}{ACTIVATE}"),
    "ostree-delta": (
        "ostree, static delta, without fsync of each", OSTREE + ONE_SYNC,
        f"ostree --repo=repository pull --require-static-deltas origin release >/dev/null\n{CHECKOUT}{ACTIVATE}"),
    "swupdate": (
        "swupdate, unpacking while it fetches", "mkdir release",
        f'swupdate -H bench:1.0 -B none -M -m -k $KEYS/cms.pem -l 1 -d "-u $WEB/tree.swu" >log 2>&1\n{ACTIVATE}'),
    "swupdate-file": (
        "curl, then swupdate", "mkdir release",
        f"""curl -fsS -O $WEB/tree.swu
swupdate -H bench:1.0 -B none -M -m -k $KEYS/cms.pem -l 1 -i tree.swu >log 2>&1
{ACTIVATE}"""),
    "casync": (
        "casync, index signed with minisign", "",
        f"""curl -fsS -O $WEB/tree.caidx -O $WEB/tree.caidx.minisig
minisign -Vqm tree.caidx -p $KEYS/minisign.pub
casync extract --with=unix --store=$WEB/store.castr tree.caidx release >/dev/null
{ACTIVATE}"""),
    "aadc-upgrade": ("**aadc-upgrade stage**", SERVER, STAGE),
    "aadc-upgrade-large": ("aadc-upgrade stage, larger files", SERVER, STAGE),
    "aadc-upgrade-many": ("aadc-upgrade stage, more files", SERVER, STAGE),
}


# Of trees of their own, to see what memory depends on: not compared with anybody, and measured in every third round.
OTHER_TREES = ["aadc-upgrade-large", "aadc-upgrade-many"]


class Bench:
    def __init__(self, options):
        self.options = options
        self.row = os.path.join(options.client, "row")
        self.log = os.path.join(options.work, "nginx", "access.log")
        self.cost = os.path.join(options.work, "cost")
        self.expected = {}

    def side(self, name):
        others = {"aadc-upgrade-large": self.options.side_large, "aadc-upgrade-many": self.options.side_many}
        return others.get(name, self.options.side)

    def environment(self, name):
        side = self.side(name)
        return dict(
            os.environ, SIDE=side, KEYS=f"{side}/keys", PROGRAMS=self.options.programs,
            WEB=f"{self.options.url}/{os.path.basename(side)}/web", TMPDIR=self.row, GNUPGHOME=f"{side}/keys/gnupg",
            OSTREE_MODE="bare" if os.getuid() == 0 else "bare-user-only")

    def end_service(self):
        """Ends the service that SERVER started, and waits until it has gone."""
        record = os.path.join(self.row, "server/var/lib/adsync/serve.json")
        if os.path.exists(record):
            with open(record) as file:
                process = json.load(file)["pid"]
            handle = os.pidfd_open(process)
            os.kill(process, signal.SIGTERM)
            ended = select.poll()
            ended.register(handle, select.POLLIN)
            if not ended.poll(60_000):
                raise SystemExit(f"the service, process {process}, does not end")
            os.close(handle)

    def clear(self):
        """Empties the row's folder. What was installed read-only is made writable first: root needs no such thing."""
        self.end_service()
        if os.getuid() != 0:
            subprocess.run(["chmod", "-R", "u+w", self.row], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.row, ignore_errors=True)
        os.mkdir(self.row)

    def measure(self, name):
        _, before, measured = ROWS[name]
        environment = self.environment(name)
        self.clear()
        subprocess.run(["sh", "-eu", "-c", before], cwd=self.row, env=environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        os.sync()
        sent_before = os.path.getsize(self.log)
        # GNU time is small: a child of this program would begin with this program's memory as its peak.
        command = ["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", self.cost, "sh", "-eu", "-c", measured]
        began = time.monotonic()
        # In a group of its own, which ends as a whole where this program is told to end.
        process = subprocess.Popen(command, cwd=self.row, env=environment, process_group=0)
        try:
            status = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        wall = time.monotonic() - began
        if status != 0:
            sys.exit(f"{name} ended with {status}; its folder is {self.row}")
        with open(self.cost) as file:
            user, system, kilobytes = file.read().split()
        with open(self.log, "rb") as file:
            file.seek(sent_before)
            sent = [int(line.split()[0]) for line in file.read().splitlines()]
        return {
            "wall": wall, "cpu": float(user) + float(system), "memory": int(kilobytes) * 1024, "sent": sum(sent),
            "requests": len(sent)}

    def compare(self, name):
        """Demands that the activated tree is the source: every path, kind, mode and content."""
        side = self.side(name)
        if side not in self.expected:
            self.expected[side] = contents(f"{side}/tree")
        found, wanted = contents(os.path.realpath(os.path.join(self.row, "current"))), self.expected[side]
        if found != wanted:
            different = sorted(path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))
            sys.exit(f"{name}: {len(different)} entries differ from the source, {different[0]} is the first")


def contents(root):
    """Path to mode and digest. A release in its place is read-only: the owner's right to write is not compared."""
    found = {}
    for folder, below, names in os.walk(root):
        for name in below + names:
            path = os.path.join(folder, name)
            digest = None
            if name in names:
                with open(path, "rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[os.path.relpath(path, root)] = (os.lstat(path).st_mode | 0o200, digest)
    return found


def table(results, files, sizes):
    lines = [
        "| | wall time | of the floor | processor time | largest process | sent | requests |",
        "|---|---|---|---|---|---|---|"]
    floor = statistics.median(r["wall"] for r in results["floor"]) if results.get("floor") else None
    for name, runs in results.items():
        def median(key):
            return statistics.median(run[key] for run in runs)

        walls = [run["wall"] for run in runs]
        other = name in OTHER_TREES
        ratio = f"{median('wall') / floor:.2f}" if floor and not other else "–"
        label = ROWS[name][0] + (f" ({sizes[name]:,} bytes in {files[name]:,})" if other else "")
        lines.append(
            f"| {label} | {median('wall'):.2f} s ({min(walls):.2f} … {max(walls):.2f}) | {ratio} "
            f"| {median('cpu'):.2f} s | {max(run['memory'] for run in runs) / 2**20:.1f} MiB "
            f"| {median('sent') / 1e6:.1f} MB | {median('requests'):.0f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    for name in ["work", "client", "url", "side", "side-large", "side-many", "programs", "where", "level", "only"]:
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    names = options.only.split() or [n for n in ROWS if options.side_large or n not in OTHER_TREES]
    for name in names:
        if name not in ROWS:
            sys.exit(f"there is no row {name}; there are {', '.join(ROWS)}")
    bench = Bench(options)
    os.makedirs(bench.row, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = {name: [] for name in names}
    load = os.getloadavg()[0]
    try:
        with open(os.path.join(options.work, "transfer.tsv"), "w") as raw:
            print("round", "row", "wall", "cpu", "memory", "sent", "requests", sep="\t", file=raw)
            for number in range(options.rounds + 1):
                # There and back, so that nobody always follows the same neighbour.
                for name in names if number % 2 == 0 else names[::-1]:
                    if name in OTHER_TREES and number > 1 and number % 3 > 0:
                        continue
                    run = bench.measure(name)
                    print(number, name, *run.values(), sep="\t", file=raw, flush=True)
                    print(f"round {number} {name}: {run['wall']:.3f} s", file=sys.stderr)
                    if number == 0:
                        bench.compare(name)
                    else:
                        results[name].append(run)
    finally:
        bench.end_service()
    bench.clear()
    sizes, files = {}, {}
    for name in names:
        tree = f"{bench.side(name)}/tree"
        found = [os.path.getsize(os.path.join(f, n)) for f, _, ns in os.walk(tree) for n in ns]
        sizes[name], files[name] = sum(found), len(found)
    text = (
        f"{sizes[names[0]]:,} bytes in {files[names[0]]:,} files; zstd level {options.level}; {options.rounds} rounds in "
        f"turn; {options.where}; {os.cpu_count()} cores, Linux {platform.release()}; load {load:.1f} at the beginning, "
        f"{os.getloadavg()[0]:.1f} at the end.\n\n{table(results, files, sizes)}\n")
    with open(os.path.join(options.work, "transfer.md"), "w") as file:
        file.write(text)
    print(text)


main()
