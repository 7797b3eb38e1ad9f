"""As much of the peer protocol (BEP 3, BEP 6) as it takes to ask a client whether it is there, and to sit idle at one."""
import os
import socket
import time

BITFIELD, HAVE_ALL = 5, 14


def hello(info_hash, extensions=bytes(8)):
    return b"\x13BitTorrent protocol" + extensions + info_hash + b"-RW0001-" + os.urandom(6).hex().encode()


def pieces_offered(port, payload):
    """How many pieces the client at the port says it has at once; None if it does not answer for this torrent."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as s:
            s.settimeout(1)
            s.sendall(hello(payload.info_hash))
            stream = s.makefile("rb")
            if stream.read(68)[28:48] != payload.info_hash:
                return None
            try:
                while head := stream.read(4):
                    message = stream.read(int.from_bytes(head, "big"))
                    if message[:1] == bytes([BITFIELD]):
                        return int.from_bytes(message[1:], "big").bit_count()
                    if message[:1] == bytes([HAVE_ALL]):
                        return payload.pieces
            except TimeoutError:
                pass
            return 0
    except OSError:
        return None


def await_seed(process, port, payload, limit=120):
    """Waits until the client seeds the whole payload."""
    _await(process, lambda: pieces_offered(port, payload) == payload.pieces, limit)


def await_leech(process, port, payload, limit=60):
    """Waits until the client takes part in the swarm of the payload."""
    _await(process, lambda: pieces_offered(port, payload) is not None, limit)


def _await(process, holds, limit):
    until = time.monotonic() + limit
    while not holds():
        if not process.alive() or time.monotonic() > until:
            raise RuntimeError("it ended" if not process.alive() else "it does not answer")
        time.sleep(0.05)
