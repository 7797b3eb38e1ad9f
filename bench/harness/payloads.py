"""Payloads that no compression and no cleverness makes smaller, and their torrents."""
import hashlib
import os
import random

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
PIECE = MIB


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        return bencode(value.encode())
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"


class Payload:
    """A torrent with its data.

    torrent: the torrent file; folder: where the payload is; path: the payload itself; whole: one file with all its bytes.
    """

    def __init__(self, torrent, folder, name, whole, size, info):
        self.torrent, self.folder, self.whole, self.size = torrent, folder, whole, size
        self.path = os.path.join(folder, name)
        self.pieces = len(info["pieces"]) // 20
        self.piece_length = info["piece length"]
        self.info_hash = hashlib.sha1(bencode(info)).digest()

    @property
    def gib(self):
        return self.size / GIB


def one_file(folder, name, size, piece_length=PIECE):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    hashes = _write(path, size, piece_length)
    return _finish(folder, name, path, size, {"length": size}, hashes, piece_length)


def many_files(folder, name, count, each, piece_length=PIECE):
    os.makedirs(folder, exist_ok=True)
    whole = os.path.join(folder, name + ".whole")
    hashes = _write(whole, count * each, piece_length)
    paths = [["d%03d" % (i // 100), "f%05d" % i] for i in range(count)]
    with open(whole, "rb") as data:
        for path in paths:
            target = os.path.join(folder, name, *path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as out:
                out.write(data.read(each))
    files = {"files": [{"length": each, "path": path} for path in paths]}
    return _finish(folder, name, whole, count * each, files, hashes, piece_length)


def small_torrents(torrents, folder, count):
    """As many torrents of one 16 KiB file each."""
    os.makedirs(torrents, exist_ok=True)
    os.makedirs(folder, exist_ok=True)
    for i in range(count):
        name = "f%05d" % i
        data = random.Random(i).randbytes(16 * KIB)
        info = {"name": name, "length": len(data), "piece length": 16 * KIB, "pieces": hashlib.sha1(data).digest()}
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)
        with open(os.path.join(torrents, name + ".torrent"), "wb") as f:
            f.write(bencode({"info": info}))


def _write(path, size, piece_length):
    """Writes deterministic data and returns the hashes of its pieces."""
    source = random.Random(size)
    hashes = []
    with open(path, "wb") as f:
        for begin in range(0, size, piece_length):
            piece = source.randbytes(min(piece_length, size - begin))
            hashes.append(hashlib.sha1(piece).digest())
            f.write(piece)
    return hashes


def _finish(folder, name, whole, size, layout, hashes, piece_length):
    info = {"name": name, "piece length": piece_length, "pieces": b"".join(hashes), **layout}
    torrent = os.path.join(folder, name + ".torrent")
    with open(torrent, "wb") as f:
        f.write(bencode({"announce": "http://127.0.0.1:1/announce", "info": info}))  # rtorrent loads nothing without a tracker
    return Payload(torrent, folder, name, whole, size, info)
