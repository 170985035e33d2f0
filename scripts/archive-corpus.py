#!/usr/bin/env python3
"""Writes what the fuzzer of the unpacker begins with: the corpus of hostile-archives.py.

usage: archive-corpus.py FOLDER      (FOLDER-document.json gets the signed list)

The first byte of each file says what follows: 0 an archive, 1 a tar.
"""
import importlib.util, os, sys

sys.dont_write_bytecode = True
folder = sys.argv[1]
spec = importlib.util.spec_from_file_location(
    "hostile", os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile-archives.py"))
hostile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hostile)


def write(kind):
    for number, (attack, _, content, *_) in enumerate(hostile.cases("/outside")):
        # Short ones teach as much as long ones.
        if len(content) < 40000:
            with open(os.path.join(folder, "%d-%03d-%s" % (kind, number, attack)), "wb") as file:
                file.write(bytes([kind]) + content)


os.makedirs(folder, exist_ok=True)
with open(folder + "-document.json", "wb") as file:
    file.write(hostile.document())
write(0)
hostile.zstd = lambda content, **_: content
write(1)
