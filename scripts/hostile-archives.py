#!/usr/bin/env python3
"""Writes a corpus of archives into a folder: good ones, and hostile ones with what a refusal of each must say.

usage: hostile-archives.py FOLDER OUTSIDE

OUTSIDE is a folder with a file "bait", which links and paths aim at. FOLDER gets the archives, "document.json" (the list
of the release that they pretend to be) and "index.json": for each archive its number in the list of attacks, what it
tries, the exit status of a program that judges it rightly, words of its message, and whose refusal it is: "list" (the
signed document), "tar" and "zstd" (rules for the container), or "libarchive" (its own). Deterministic; needs nothing but
Python's standard library.
"""
import gzip, bz2, io, json, lzma, os, struct, sys, zipfile

VERBS = ["facts", "status", "health", "settings get", "settings set", "suspend", "resume", "wait-idle", "snapshot",
         "migrate", "self-test", "rehearse", "export-config", "serve"]
FILES = [("bin/run", b"#!/bin/sh\n", 0o755), ("App/one", b"1", 0o644), ("deep/er/file", b"x" * 700, 0o644),
         ("empty", b"", 0o644), ("caf\u00e9", b"2", 0o644)]


def document(files=FILES):
    listed = [{"path": path, "size": len(content), "mode": "0%o" % mode, "sha256": "0" * 64}
              for path, content, mode in files]
    command = {"argv": ["bin/run"], "timeoutSeconds": 1}
    return json.dumps({
        "schema": "release/1", "product": "adsync", "version": "1.1.750.0", "platform": "linux-x86_64", "contract": 1,
        "upgradesFrom": "1.1.105.0", "dataSchema": {"reads": [1], "writes": 1}, "files": listed,
        "unpackedBytes": sum(len(content) for _, content, _ in files), "fileCount": len(files), "freeDiskBytes": 0,
        "settingsChanged": [], "components": [], "requiresFullImport": False, "requiresFullSynchronization": False,
        "commands": {verb: command for verb in VERBS}}, indent=1).encode()


# --- tar, with whatever one wants in a header

def field(value, length):
    return (value if isinstance(value, bytes) else value.encode())[:length].ljust(length, b"\0")


def header(name, kind="0", mode=0o644, size=0, link="", uid=0, gid=0, owner="", magic=b"ustar\x0000"):
    size = size if isinstance(size, bytes) else b"%011o\0" % size
    head = (field(name, 100) + b"%07o\0" % mode + b"%07o\0" % uid + b"%07o\0" % gid + field(size, 12) + b"%011o\0" % 0
            + b" " * 8 + kind.encode() + field(link, 100) + magic + field(owner, 32) + field(owner, 32)
            + b"0000000\0" * 2).ljust(512, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def entry(name, content=b"", **more):
    more.setdefault("size", len(content))
    return header(name, **more) + content + b"\0" * (-len(content) % 512)


def record(key, value):
    value = value if isinstance(value, bytes) else value.encode()
    body = b" " + key.encode() + b"=" + value + b"\n"
    length = len(body)
    while length != len(body) + len(b"%d" % length):
        length = len(body) + len(b"%d" % length)
    return b"%d" % length + body


def pax(*records, kind="x"):
    return entry("PaxHeader", b"".join(record(*one) for one in records), kind=kind)


def named(path, content=b"", **more):
    """A file whose name stands in an extended header."""
    return pax(("path", path)) + entry("short", content, **more)


def folder(name, mode=0o755):
    return entry(name, kind="5", mode=mode)


END = b"\0" * 1024


# --- zstd (RFC 8878) with stored blocks, and with one byte repeated

def block(content, last, repeat=None):
    size = len(content) if repeat is None else repeat
    return struct.pack("<I", last | (repeat is not None) << 1 | size << 3)[:3] + content


def zstd(content, window=0x38, flags=0, extra=b"", zeros=0):
    """A frame of the content and so many zeros after it."""
    pieces = [block(content[at:at + 65536], 0) for at in range(0, len(content), 65536)]
    while zeros > 0:
        pieces.append(block(b"\0", 0, min(zeros, 131072)))
        zeros -= 131072
    return b"\x28\xb5\x2f\xfd" + bytes([flags, window]) + extra + b"".join(pieces) + block(b"", 1)


# --- other containers

def zipped(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def cpio(name, content=b"", mode=0o100644):
    name = name.encode() + b"\0"
    numbers = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name
    head += b"\0" * (-len(head) % 4)
    return head + content + b"\0" * (-len(content) % 4)


def uuencoded(content):
    import binascii
    lines = [binascii.b2a_uu(content[at:at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 archive\n" + b"".join(lines) + b"`\nend\n"


FOREIGN = {
    "a zip": zipped(("../evil", "x")), "a cpio": cpio("../evil", b"x") + cpio("TRAILER!!!"),
    "a cpio with a socket": cpio("socket", mode=0o140644) + cpio("TRAILER!!!"),
    "a 7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\0" * 600, "a RAR 4": b"Rar!\x1a\x07\x00" + b"\0" * 600,
    "a RAR 5": b"Rar!\x1a\x07\x01\x00" + b"\0" * 600, "a cab": b"MSCF\0\0\0\0" + b"\0" * 600,
    "an ISO image": b"\0" * 32768 + b"\x01CD001\x01\0" + b"\0" * 2040 + b"\xffCD001\x01\0" + b"\0" * 2040,
    "an mtree": b"#mtree\n./evil type=file mode=0644 contents=/etc/passwd\n", "a xar": b"xar!\0\x1c\0\x01" + b"\0" * 600,
    "an ar": b"!<arch>\n" + b"evil/".ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8) + b"0".ljust(10) + b"`\n",
    "a WARC": b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
    "an LHA": b"\x1a\x00-lh0-" + b"\0" * 600, "an RPM": b"\xed\xab\xee\xdb\x03\0\0\0" + b"\0" * 600,
    "an lrzip": b"LRZI\0\x06" + b"\0" * 600, "an lzop": b"\x89LZO\0\r\n\x1a\n" + b"\0" * 600,
    "an lz4": b"\x04\x22\x4d\x18" + b"\0" * 600, "a compress": b"\x1f\x9d\x90" + b"\0" * 600,
    "a grzip": b"GRZipII\0\x02\x04:)" + b"\0" * 600,
}


def cases(outside):
    """(attack, what, file, status, words, whose rule)"""
    doc, bait = document(), os.path.join(outside, "bait")
    first = entry("release.json", doc)
    rest = [named(path, content, mode=mode) if not path.isascii() else entry(path, content, mode=mode)
            for path, content, mode in FILES]
    tar = first + b"".join(rest) + END
    good = zstd(tar)

    def hostile(attack, what, words, *entries, by="list", status=65):
        words = [words] if isinstance(words, str) else words
        yield attack, what, zstd(first + b"".join(entries) + END), status, words, by

    def accepted(attack, what, content):
        yield attack, what, content, 0, [], "accepted"

    def raw(attack, what, words, content, by):
        yield attack, what, content, 65, [words], by

    yield from accepted("-", "a good archive", good)
    yield from accepted("-", "a good archive with the largest window", zstd(tar, window=0x68))
    yield from accepted("-", "a good archive with folders and padding", zstd(
        first + folder("bin/") + folder("deep") + b"".join(rest) + END + b"\0" * 9216))
    # Paths.
    yield from hostile("A1", "an absolute path", ['"/etc/x"', "is absolute"], entry("/etc/x"))
    yield from hostile("A1", "an absolute path to a file that is there", "is absolute", named(bait, b"changed"))
    for path in ["../evil", "a/../../evil", "bin/..", "..", "bin/../../" + "../" * 20 + "tmp/evil"]:
        yield from hostile("A2", "a way up: " + path, ["'..'", '"%s"' % path], entry(path))
    yield from hostile("A2", "a way up as a folder", "'..'", folder("../evil/"))
    for path in ["bin\\..\\evil", "C:\\evil", "C:/evil", "\\\\host\\share"]:
        yield from hostile("A3", "a path of another system: " + path, "is not listed", entry(path))
    yield from hostile("A4", "an empty name", "empty", entry(""), by="tar")
    yield from hostile("A4", "a dot", "'.'", entry("."))
    yield from hostile("A4", "a dot before a listed path", "'.'", entry("./bin/run", b"#!/bin/sh\n", mode=0o755))
    yield from hostile("A4", "two slashes", "empty component", entry("bin//run", b"#!/bin/sh\n", mode=0o755))
    yield from hostile("A4", "a slash after a file", "ends with a slash", entry("empty/"), by="tar")
    yield from hostile("A5", "a zero byte in a path", "zero byte", named(b"empty\0evil"), by="tar")
    yield from hostile("A5", "a newline in a path", ["control character", "\\n"], entry("a\nb"))
    yield from hostile("A5", "an escape in a path", ["control character", "\\u{1B}"], entry("a\x1b[31m"))
    yield from hostile("A5", "a path that is not UTF-8", "UTF-8", entry(b"a\xff\xfe"), by="tar")
    yield from hostile("A5", "a direction mark", ["control character", "\\u{202E}"], named("txt\u202egpj.exe"))
    yield from hostile("A6", "a long component", "longer than 255", named("a" * 256))
    yield from hostile("A6", "a long path", "longer than 1024", named("/".join(["abcdefgh"] * 500)))
    yield from hostile("A6", "a deep path", "longer than 1024", named("a/" * 10000 + "b"))
    for path in ["CON", "bin/run.", "NUL.txt", "bin/run::$DATA", "bin/run "]:
        yield from hostile("A7", "a name that means something elsewhere: " + path, "is not listed", entry(path))
    # Links.
    link = "is a symbolic link"
    yield from hostile("A8", "a link out of the tree and a file through it", link,
                       entry("deep", kind="2", link=outside), entry("deep/bait", b"changed"), by="tar")
    yield from hostile("A9", "links in a circle", link, entry("a", kind="2", link="b"), entry("b", kind="2", link="a"), by="tar")
    yield from hostile("A10", "a link to the folder itself", link, entry("deep", kind="2", link="."), by="tar")
    hard = "is a hard link"
    yield from hostile("A11", "a hard link to a file outside, then its new content", hard,
                       entry("empty", kind="1", link=bait), entry("empty"), by="tar")
    yield from hostile("A11", "a hard link upwards", hard, entry("empty", kind="1", link="../../bait"), by="tar")
    yield from hostile("A11", "a hard link with content", hard, entry("App/one", b"1", kind="1", link=bait), by="tar")
    yield from hostile("A12", "a hard link to a link", link, entry("a", kind="2", link=bait),
                       entry("empty", kind="1", link="a"), by="tar")
    yield from hostile("A13", "a hard link to what comes later", hard, entry("empty", kind="1", link="App/one"), rest[1], by="tar")
    yield from hostile("A14", "a link in the place of a folder", link, folder("deep"), folder("deep/er"),
                       entry("deep/er", kind="2", link=outside), rest[2], by="tar")
    yield from hostile("A15", "a link with a long target", "linkpath",
                       pax(("linkpath", "a/" * 3000)) + entry("empty", kind="2", link="a"), by="tar")
    yield from hostile("A16", "rights through a link", "SCHILY.acl.access",
                       pax(("SCHILY.acl.access", "user::rwx,user:nobody:rwx")) + entry("empty", kind="2", link=bait), by="tar")
    # Types and modes.
    for kind, attack, what in [("3", "A17", "a character device"), ("4", "A17", "a block device"), ("6", "A18", "a pipe")]:
        yield from hostile(attack, what, "is a", entry("empty", kind=kind), by="tar")
    yield from hostile("A19", "a socket by its mode", "type of a file", entry("empty", mode=0o140644), by="tar")
    for kind in "Z7SMVNDA@":
        yield from hostile("A20", "an entry of the type " + kind, "of the type", entry("empty", kind=kind), by="tar")
    for mode in [0o4644, 0o2644, 0o1644, 0o666, 0o000]:
        yield from hostile("A21", "a file of the mode %o" % mode, ["has the mode", "expected 0644"], entry("empty", mode=mode))
    for mode in [0o2755, 0o1755, 0o777]:
        yield from hostile("A21", "a folder of the mode %o" % mode, "expected 0755", folder("bin", mode))
    yield from hostile("A22", "a folder that nobody may enter", "expected 0755", folder("bin", 0))
    yield from accepted("A23", "a foreign owner, which is passed over", zstd(
        first + b"".join(entry(p, c, mode=m, uid=12345, gid=54321, owner="mallory") if p.isascii() else named(p, c)
                         for p, c, m in FILES) + END))
    for key in ["SCHILY.xattr.security.capability", "SCHILY.xattr.trusted.evil", "LIBARCHIVE.xattr.user.x",
                "RHT.security.selinux"]:
        yield from hostile("A24", "an attribute: " + key, ['"empty"', key], pax((key, "AQAAAg==")) + entry("empty"), by="tar")
    yield from hostile("A25", "file flags", "SCHILY.fflags", pax(("SCHILY.fflags", "immutable")) + entry("empty"), by="tar")
    for key in ["SCHILY.acl.access", "SCHILY.acl.default"]:
        yield from hostile("A26", "an access list", key, pax((key, "user::rwx,group::rwx,other::rwx,user:nobody:rwx")) + entry("empty"), by="tar")
    # Duplicates.
    yield from hostile("A27", "one path twice", "occurs twice", rest[3], rest[3])
    yield from hostile("A27", "the document twice", "occurs twice", first)
    yield from hostile("A27", "a folder twice", "occurs twice", folder("bin"), folder("bin/"))
    yield from hostile("A28", "names that differ by case", 'differs from "empty" by case', rest[3], entry("Empty"))
    yield from hostile("A28", "folders that differ by case", "by case", entry("app/one", b"1"))
    yield from hostile("A29", "another Unicode form", "Unicode form", named("cafe\u0301", b"2"))
    yield from hostile("A30", "a file in the place of a folder", "list has a folder", entry("bin"))
    yield from hostile("A30", "a folder in the place of a file", "list has a file", folder("empty"))
    yield from hostile("A30", "a file below a file", "is a file", rest[3], entry("empty/below"))
    yield from hostile("A31", "the folder itself", "'.'", folder("./", 0o777))
    # Sizes.
    yield from raw("A32", "a bomb behind the end", "expands to more than", zstd(tar, zeros=1 << 36), "list")
    yield from raw("A32", "a bomb in a listed file", "expected 0",
                   zstd(first + entry("empty", size=0o77777777777), zeros=1 << 33), "list")
    yield from raw("A32", "a bomb in an extended header", "extended header",
                   zstd(first + header("x", kind="x", size=1 << 32), zeros=1 << 33), "tar")
    yield from raw("A32", "zstd inside zstd", "compressed once", zstd(good), "zstd")
    yield from hostile("A33", "a sparse file as GNU writes it", "of the type S", header("empty", kind="S", size=0, magic=b"ustar  \0"), by="tar")
    yield from hostile("A33", "a sparse file in an extended header", "GNU.sparse", pax(
        ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "empty"),
        ("GNU.sparse.realsize", str(1 << 62))) + entry("GNUSparseFile.0/empty", b"0\n".ljust(512, b"\0")), by="tar")
    yield from hostile("A34", "a header that says less than there is", "checksum", header("empty") + b"x" * 512, by="tar")
    yield from hostile("A34", "a header that says more than there is", "expected 1", header("App/one", size=512))
    for what, size in [("negative", b"\xff" * 12), ("huge", b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7),
                       ("base-256", b"\x80" + b"\0" * 11), ("wordy", b"1e9\0"), ("signed", b"-0000000001\0")]:
        yield from hostile("A35", "a size that is " + what, "its size is", header("empty", size=size), by="tar")
    for value in ["-1", "9" * 30, "0x10", "1.5"]:
        yield from hostile("A35", "an extended size of " + value, ['"empty"', "its extended size"], pax(("size", value)) + entry("empty"), by="tar")
    yield from hostile("A36", "empty files without end", "is not listed", *(entry("f%d" % n) for n in range(4000)))
    for part in [0, 3, 6, 40, len(good) // 3, len(good) // 2, len(good) - 2000, len(good) - 3, len(good) - 1]:
        yield from raw("A37", "cut off at %d" % part, "cut off" if part else "is empty", good[:part], "zstd")
    yield from raw("A37", "without its end", "two last blocks", zstd(tar[:-1024]), "tar")
    yield from raw("A37", "with half of its end", "two last blocks", zstd(tar[:-512]), "tar")
    yield from raw("A37", "cut off inside of a whole frame", "cut off", zstd(tar[:5300]), "tar")
    follows = "follows its only zstd frame"
    yield from raw("A38", "garbage after the frame", follows, good + b"garbage", "zstd")
    yield from raw("A38", "a second frame", follows, good + good, "zstd")
    yield from raw("A38", "a frame to be skipped", follows, good + b"\x50\x2a\x4d\x18\x04\0\0\0evil", "zstd")
    yield from raw("A38", "a frame to be skipped in front", "begin with a zstd frame", b"\x50\x2a\x4d\x18\0\0\0\0" + good, "zstd")
    yield from raw("A38", "garbage after the end", "follows the archive's end", zstd(tar + b"garbage".ljust(512)), "tar")
    yield from raw("A38", "a second archive in the frame", "follows the archive's end", zstd(tar + tar), "tar")
    yield from hostile("A39", "two paths for one file", "twice", pax(("path", "evil"), ("path", "empty")) + entry("x"), by="tar")
    yield from hostile("A39", "two extended headers for one file", "extended header", pax(("path", "evil")), pax(("path", "empty")) + entry("x"), by="tar")
    yield from hostile("A39", "an extended header for all files", "of the type g", pax(("path", "empty"), kind="g") + entry("x"), by="tar")
    yield from hostile("A39", "a link in an extended header", "linkpath", pax(("linkpath", bait)) + entry("empty"), by="tar")
    yield from hostile("A40", "a name of 2 GiB", "of the type L", header("././@LongLink", kind="L", size=1 << 31, magic=b"ustar  \0"), by="tar")
    yield from hostile("A40", "a link target of 2 GiB", "of the type K", header("././@LongLink", kind="K", size=1 << 31, magic=b"ustar  \0"), by="tar")
    # Other containers, as they are and inside the one that is right.
    lying = zipped(("empty", "")).replace(b"empty", b"/evil", 1)
    yield from raw("A41", "a zip with two directories", "begin with a zstd frame", lying, "zstd")
    for what, content in FOREIGN.items():
        yield from raw("A19" if "socket" in what else "A42", what, "begin with a zstd frame", content, "zstd")
        yield from raw("A42", what + " in a zstd frame", "is empty" if content[:512] == b"\0" * 512 else "not a tar", zstd(content + b"\0" * 1024), "tar")
    yield from raw("A42", "a tar without compression", "begin with a zstd frame", tar, "zstd")
    for what, content in [("uuencoded", uuencoded(good)), ("with gzip", gzip.compress(tar, mtime=0)),
                          ("with bzip2", bz2.compress(tar)), ("with xz", lzma.compress(tar))]:
        yield from raw("A43", what, "begin with a zstd frame", content, "zstd")
        yield from raw("A43", what + ", then with zstd", "not a tar", zstd(content), "tar")
    for window in [0x69, 0x80, 0x82, 0xa8, 0xff]:
        yield from raw("A44", "a window of %#x" % window, "window", zstd(tar, window=window), "zstd")
    yield from raw("A44", "a single segment of 8 GiB", "window", b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", 1 << 33) + good[6:], "zstd")
    yield from raw("A44", "a dictionary", "dictionary", zstd(tar, flags=1, extra=b"\x07"), "zstd")
    yield from raw("A44", "a reserved block", "reserved kind", good[:6] + b"\x07\0\0" + good[9:], "zstd")
    # The signed list.
    yield from hostile("A45", "a file that is not listed", ['"extra"', "is not listed"], *rest, entry("extra"))
    yield from hostile("A45", "a folder without listed files", "no listed file", folder("other"))
    yield from hostile("A46", "a missing file", ['"empty"', "missing in the archive"], *(rest[:3] + rest[4:]))
    yield from hostile("A47", "a program that cannot be executed", "expected 0755", entry("bin/run", b"#!/bin/sh\n"))
    yield from hostile("A47", "a file that can be executed", "expected 0644", entry("empty", mode=0o755))
    yield from hostile("A48", "a listed content at another path", "is not listed", entry("bin/walk", b"#!/bin/sh\n", mode=0o755))
    yield from hostile("A48", "a size that is not the listed one", "expected 1", entry("App/one", b"12"))
    yield from raw("A48", "another document", "was signed", zstd(entry("release.json", doc.replace(b"adsync", b"adsynk")) + b"".join(rest) + END), "list")
    yield from raw("A48", "a document that is not first", "first entry", zstd(rest[0] + first + b"".join(rest[1:]) + END), "list")
    yield from accepted("A50", "another order, which means nothing", zstd(first + b"".join(reversed(rest)) + END))


def main(target, outside):
    os.makedirs(target, exist_ok=True)
    index = []
    for number, (attack, what, content, status, words, by) in enumerate(cases(outside)):
        name = "%03d-%s" % (number, attack)
        with open(os.path.join(target, name), "wb") as file:
            file.write(content)
        index.append({"file": name, "attack": attack, "what": what, "status": status, "words": words, "by": by,
                      "document": "document.json"})
    # A list that names a path twice, or two that one file system would take for one, is no list.
    for number, (what, path) in enumerate([("twice", "empty"), ("by case", "EMPTY"), ("below a file", "empty/a")]):
        name = "document-%d.json" % number
        with open(os.path.join(target, name), "wb") as file:
            file.write(document(FILES + [(path, b"", 0o644)]))
        index.append({"file": index[0]["file"], "attack": "A49", "what": "a list with a path " + what, "status": 65,
                      "words": [name], "by": "list", "document": name})
    with open(os.path.join(target, "document.json"), "wb") as file:
        file.write(document())
    with open(os.path.join(target, "index.json"), "w") as file:
        json.dump(index, file, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
