#!/usr/bin/env python3
"""Makes the torrents beside this file with libtorrent's Python binding, from data that it invents.

Run it in this folder. Each torrent comes with a .txt: what libtorrent itself says about it after loading it again.
"""
import hashlib
import os
import shutil
import sys
import tempfile

import libtorrent as lt

K = 1024


def data(name, length):
    out = bytearray()
    n = 0
    while len(out) < length:
        out += hashlib.sha256(f"{name} {n}".encode()).digest()
        n += 1
    return bytes(out[:length])


FOLDER = [
    ("a first.bin", 100 * K + 7),
    ("b/empty", 0),
    ("b/exactly one piece", 32 * K),
    ("b/small", 5),
    ("c/d/e/deep.txt", 70 * K),
    ("c/same a", 40 * K),
    ("c/same b", 40 * K),
    ("ünïcode/日本語 ☃.txt", 33 * K),
]

CASES = {
    "file": [("one file.bin", 150 * K + 1)],
    "tiny": [("tiny.txt", 3)],
    "folder": FOLDER,
}

VERSIONS = {
    "v1": lt.create_torrent.v1_only,
    "v2": lt.create_torrent.v2_only,
    "hybrid": 0,
}


def make(case, files, version, flags):
    root = tempfile.mkdtemp()
    try:
        top = os.path.join(root, "some folder")
        for path, length in files:
            full = os.path.join(top, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as f:
                f.write(data(path.replace("same b", "same a"), length))
        start = os.path.join(top, files[0][0]) if len(files) == 1 else top
        fs = lt.file_storage()
        lt.add_files(fs, start)
        t = lt.create_torrent(fs, 32 * K, flags=flags)
        t.set_creator("libtorrent " + lt.__version__)
        t.set_comment("made to be read by others ☃")
        t.add_tracker("http://tracker.example/announce", 0)
        t.add_tracker("udp://tracker.example:80", 1)
        t.add_url_seed("http://seed.example/files/")
        t.add_node("router.example", 6881)
        t.add_collection("a collection")
        t.add_similar_torrent(lt.sha1_hash(bytes(range(20))))
        lt.set_piece_hashes(t, os.path.dirname(start))
        entry = t.generate()
        entry.pop(b"creation date", None)
        name = f"{case}-{version}"
        with open(name + ".torrent", "wb") as f:
            f.write(lt.bencode(entry))
        describe(name)
    finally:
        shutil.rmtree(root)


def describe(name):
    info = lt.torrent_info(name + ".torrent")
    hashes = info.info_hashes()
    fs = info.files()
    lines = [
        f"name {info.name()}",
        f"v1 {hashes.v1 if hashes.has_v1() else '-'}",
        f"v2 {hashes.v2 if hashes.has_v2() else '-'}",
        f"pieces {info.num_pieces()} of {info.piece_length()}, {info.total_size()} bytes",
    ]
    single = "/" not in fs.file_path(0)
    for i in range(fs.num_files()):
        pad = fs.file_flags(i) & lt.file_flags_t.flag_pad_file
        path = fs.file_path(i)
        path = path if single or pad else path.split("/", 1)[1]
        lines.append(f"file {fs.file_offset(i)} {fs.file_size(i)} {'pad' if pad else path}")
    if hashes.has_v1():
        for i in range(info.num_pieces()):
            lines.append(f"piece {info.hash_for_piece(i).hex()}")
    with open(name + ".txt", "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    for case, files in CASES.items():
        for version, flags in VERSIONS.items():
            make(case, files, version, flags)
    sys.exit(0)
