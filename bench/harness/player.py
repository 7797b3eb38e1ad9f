"""A model of a film player, the same for every client: it says what is to be read and keeps account of how the film runs."""
import time

from .payloads import KIB

FILM = 1_000_000
"""Bytes of film per second: 8 Mbit/s."""

READ = 64 * KIB
"""A player reads so much at a time."""

START = 2 * FILM
"""It begins to play, also after a seek or a stall, when it has so much in its buffer."""

BUFFER = 5 * FILM
"""It reads ahead until it has so much."""

ANSWER = 256 * KIB
"""A seek is answered when so much of the new place was read."""


class Watched:
    """How a stretch of film went.

    first: when its first bytes were read; answered: when the first 256 KiB were; stalls: how often the film stood still although it
    had begun; stalled: the seconds of it.
    """

    def __init__(self):
        self.first = self.answered = None
        self.stalls, self.stalled = 0, 0.0


def watch(viewer, begin, seconds):
    """Goes to a byte of the film and watches so many seconds of it from there."""
    watched = Watched()
    end = begin + int(seconds * FILM)
    read = shown = begin  # shown: how far the film was played at the moment `since`; it stands still while that is None
    since = stalled_since = None
    while read < end:
        if since is not None:
            time.sleep(max(0, since + (read + READ - BUFFER - shown) / FILM - time.monotonic()))
        length = min(READ, end - read)
        at = viewer.read(read, length)
        if since is not None and since + (read - shown) / FILM < at:
            stalled_since = since + (read - shown) / FILM
            shown, since = read, None
            watched.stalls += 1
        read += length
        watched.first = watched.first or at
        if watched.answered is None and read - begin >= ANSWER:
            watched.answered = at
        if since is None and (read - shown >= START or read == end):
            since = at
            if stalled_since is not None:
                watched.stalled += at - stalled_since
                stalled_since = None
    time.sleep(max(0, since + (end - shown) / FILM - time.monotonic()))
    return watched
