#!/usr/bin/env python3
"""Serves a folder over HTTP on loopback and counts the bytes that leave, headers included.

Usage: counting-server.py FOLDER COUNT-FILE
Writes the port to standard output, and after each request the sum so far to COUNT-FILE.
"""
import http.server
import pathlib
import sys

folder, count_file = sys.argv[1], pathlib.Path(sys.argv[2])
total = 0


class Counted:
    """A stream that adds up what is written to it."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, data):
        global total
        total += len(data)
        return self.stream.write(data)

    def __getattr__(self, name):
        return getattr(self.stream, name)


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=folder)

    def setup(self):
        super().setup()
        self.wfile = Counted(self.wfile)

    def do_GET(self):
        super().do_GET()
        count_file.write_text(str(total))

    def log_message(self, *_):
        pass


count_file.write_text("0")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
