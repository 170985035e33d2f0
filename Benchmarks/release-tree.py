#!/usr/bin/env python3
"""Fills a folder with what a release of some size looks like: binaries, texts, and what no compressor makes smaller.

usage: release-tree.py FOLDER MEGABYTES [FILES [SEED]]

Ten files per megabyte, where no number is given: half of them texts, a good third binaries, the rest random bytes. The same files of this machine
and the same seed make the same tree. Everything in it is legal in a release: plain files and folders, modes 0644 and
0755, ASCII names, no links.
"""
import hashlib
import os
import random
import sys

BINARY_SOURCES = ["/usr/lib", "/usr/bin"]
TEXT_SOURCES = ["/usr/share", "/usr/lib", "/usr/include"]
TEXT_ENDINGS = (".txt", ".md", ".h", ".html", ".xml", ".json", ".py", ".pm", ".pl", ".conf", ".css", ".cmake")
PACKED_ENDINGS = (".gz", ".xz", ".zst", ".png", ".bz2", ".zip", ".jpg", ".whl")
MEGABYTE = 1_000_000


def regular_files(folders):
    """Paths and sizes below the folders, each file once, in an order that does not depend on the file system."""
    seen = set()
    for top in folders:
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if path in seen or os.path.islink(path) or not os.path.isfile(path):
                    continue
                seen.add(path)
                yield path, os.path.getsize(path)


def pick(files, count, total, largest):
    """About `count` of the files with about `total` bytes in all: as many as it takes, spread evenly over the bytes."""
    picked, used, index = [], 0, 0
    while len(picked) < count and files:
        path, size = files[index % len(files)]
        index += 1
        room = (total - used) / (count - len(picked))
        # A file far over what is left for each would starve the others; one far under would leave bytes over.
        slack = 6 if index < 4 * len(files) else 1e9
        if size <= largest and room / slack <= size <= max(room * slack, 4096) and used + size <= total:
            picked.append(path)
            used += size
        if index >= 8 * len(files):
            break
    return picked, used


def main():
    out, megabytes = sys.argv[1], int(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else megabytes * 10
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    wanted = megabytes * MEGABYTE

    def shuffled(found):
        return sorted(found, key=lambda entry: hashlib.sha256(f"{seed}:{entry[0]}".encode()).digest())

    texts = shuffled(
        [f for f in regular_files(TEXT_SOURCES) if f[0].endswith(TEXT_ENDINGS) and 200 <= f[1] <= 400_000])
    binaries = shuffled(
        [f for f in regular_files(BINARY_SOURCES)
         if 4096 <= f[1] <= 16 * MEGABYTE and not f[0].endswith(TEXT_ENDINGS + PACKED_ENDINGS)])

    def write(name, data, mode):
        path = os.path.join(out, name)
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, mode)

    def copy(name, source):
        with open(source, "rb") as file:
            data = file.read()
        write(name, data, 0o755 if name.startswith("lib/") and data[:4] == b"\x7fELF" else 0o644)
        return len(data)

    os.umask(0o022)
    picked_texts, text_bytes = pick(texts, count // 2, wanted * 8 // 100, 400_000)
    for number, path in enumerate(picked_texts):
        copy(f"share/{number % 40:02d}/text-{number:05d}{os.path.splitext(path)[1]}", path)
    # A few large programs, then libraries of all sizes.
    large, large_bytes = pick([f for f in binaries if f[1] > 4 * MEGABYTE], max(1, megabytes // 60), wanted // 8,
                              16 * MEGABYTE)
    others, other_bytes = pick([f for f in binaries if f[1] <= 4 * MEGABYTE], count * 37 // 100,
                               wanted * 62 // 100 - large_bytes, 4 * MEGABYTE)
    picked_binaries, binary_bytes = large + others, large_bytes + other_bytes
    for number, path in enumerate(picked_binaries):
        copy(f"lib/{number % 24:02d}/binary-{number:05d}", path)

    chance = random.Random(seed)
    rest = max(1, count - len(picked_texts) - len(picked_binaries))
    weights = [0.1 + chance.expovariate(1) for _ in range(rest)]
    per_weight = (wanted - text_bytes - binary_bytes) / sum(weights)
    for number, weight in enumerate(weights):
        write(f"assets/{number % 10}/asset-{number:05d}", chance.randbytes(max(1, int(weight * per_weight))), 0o644)
    print(f"{len(picked_texts)} texts of {text_bytes} bytes, {len(picked_binaries)} binaries of {binary_bytes} bytes, "
          f"{rest} of random bytes; {wanted} bytes in all")


main()
