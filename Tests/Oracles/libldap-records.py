#!/usr/bin/env python3
"""Prints what libldap reads in an LDIF file: one JSON array per record, of [name, value in hexadecimal] per line.

A record that libldap refuses is {"error": …} and the last line. Exit status 69 where there is no libldap.
Usage: libldap-records.py FILE
"""
import ctypes
import ctypes.util
import json
import sys


class BerValue(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ulong), ("bytes", ctypes.POINTER(ctypes.c_char))]

    def text(self):
        return ctypes.string_at(self.bytes, self.length) if self.length else b""


def library():
    for name in ("libldap-2.5.so.0", "libldap.so.2", ctypes.util.find_library("ldap")):
        try:
            if name:
                return ctypes.CDLL(name)
        except OSError:
            continue
    print("libldap is not installed: apt-get install libldap-2.5-0", file=sys.stderr)
    sys.exit(69)


ldap = library()
ldap.ldif_open.restype = ctypes.c_void_p
ldap.ldif_getline.restype = ctypes.c_void_p
ldap.ldif_read_record.argtypes = [
    ctypes.c_void_p, ctypes.POINTER(ctypes.c_ulong), ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_int)]
ldap.ldif_parse_line2.argtypes = [
    ctypes.c_void_p, ctypes.POINTER(BerValue), ctypes.POINTER(BerValue), ctypes.POINTER(ctypes.c_int)]
# Its complaints about a line go to standard error, which is kept for people.


def lines(buffer):
    """The lines of one record; each is parsed in place, so it is read before it is parsed."""
    rest = ctypes.c_void_p(buffer)
    while True:
        line = ldap.ldif_getline(ctypes.byref(rest))
        if not line:
            return
        # The end of a modification has no colon, and is for the caller to see.
        if ctypes.string_at(line) == b"-":
            yield ["-", ""]
            continue
        name, value, owned = BerValue(), BerValue(), ctypes.c_int()
        if ldap.ldif_parse_line2(line, ctypes.byref(name), ctypes.byref(value), ctypes.byref(owned)) != 0:
            raise ValueError("line refused")
        yield [name.text().decode("utf-8", "surrogateescape"), value.text().hex()]


def main(path):
    file = ldap.ldif_open(path.encode(), b"r")
    if not file:
        print(f"{path}: cannot be opened", file=sys.stderr)
        return 66
    number, buffer, size = ctypes.c_ulong(), ctypes.c_void_p(), ctypes.c_int()
    while True:
        answer = ldap.ldif_read_record(file, ctypes.byref(number), ctypes.byref(buffer), ctypes.byref(size))
        if answer == 0:
            return 0
        if answer < 0:
            print(json.dumps({"error": "record refused", "line": number.value}))
            return 0
        try:
            record = list(lines(buffer.value))
        except ValueError as problem:
            print(json.dumps({"error": str(problem), "line": number.value}))
            return 0
        if record and record[0][0].lower() == "version":
            record = record[1:]
        if record:
            print(json.dumps(record))


sys.exit(main(sys.argv[1]))
