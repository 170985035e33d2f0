"""Prints the canonical form of every line of JSON on standard input as hexadecimal digits, one line each."""

import json
import sys

from securesystemslib.formats import encode_canonical

for line in sys.stdin.buffer:
    print(encode_canonical(json.loads(line)).encode("utf-8").hex())
