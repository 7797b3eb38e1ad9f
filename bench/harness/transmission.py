"""transmission-daemon as a session of idle torrents: driven by its RPC over one connection that stays."""
import glob
import hashlib
import http.client
import json
import os
import shutil
import time

from .payloads import bencode
from .processes import Process, free_port

SEEDING = 6


class Daemon(Process):
    """A daemon that keeps its session in a folder."""

    def __init__(self, home, log):
        self.rpc_port = free_port()
        settings = {
            "rpc-bind-address": "127.0.0.1", "rpc-port": self.rpc_port, "rpc-authentication-required": False,
            "rpc-whitelist-enabled": False, "rpc-host-whitelist-enabled": False, "bind-address-ipv4": "127.0.0.1",
            "bind-address-ipv6": "::1", "peer-port": free_port(), "dht-enabled": False, "lpd-enabled": False, "pex-enabled": False,
            "utp-enabled": False, "port-forwarding-enabled": False, "download-queue-enabled": False, "seed-queue-enabled": False,
            "queue-stalled-enabled": False, "incomplete-dir-enabled": False}
        with open(os.path.join(home, "settings.json"), "w") as f:
            json.dump(settings, f)
        super().__init__(["transmission-daemon", "--foreground", "--config-dir", home], log)
        self._connection, self._key = None, ""

    def add(self, torrents, folder):
        """Adds them; the seconds until the last one was answered for. It looks at their files afterwards, ten a second: see `write_session`."""
        self._await_rpc()
        begin = time.monotonic()
        for path in sorted(glob.glob(os.path.join(torrents, "*.torrent"))):
            self._call("torrent-add", {"filename": path, "download-dir": folder})
        return time.monotonic() - begin

    def await_seeding(self, patience=120):
        self._await_rpc()
        end = time.monotonic() + patience
        while any(torrent["status"] != SEEDING for torrent in self._call("torrent-get", {"fields": ["status"]})["torrents"]):
            if time.monotonic() > end:
                raise RuntimeError("transmission-daemon does not seed all")
            time.sleep(0.5)
        self._connection.close()

    def _await_rpc(self, patience=60):
        end = time.monotonic() + patience
        while True:
            try:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.rpc_port, timeout=60)
                return self._call("session-stats", {})
            except OSError:
                if not self.alive() or time.monotonic() > end:
                    raise RuntimeError("transmission-daemon does not come up: " + self.tail()) from None
                time.sleep(0.01)

    def _call(self, method, arguments):
        order = json.dumps({"method": method, "arguments": arguments})
        for _ in range(2):  # the first answer of all tells the key that proves that no web page asks
            self._connection.request("POST", "/transmission/rpc", order, {"X-Transmission-Session-Id": self._key})
            answer = self._connection.getresponse()
            body = answer.read()
            if answer.status != 409:
                break
            self._key = answer.getheader("X-Transmission-Session-Id")
        outcome = json.loads(body) if answer.status == 200 else {"result": answer.reason}
        if outcome["result"] != "success":
            raise RuntimeError("transmission-daemon, %s: %s" % (method, outcome["result"]))
        return outcome["arguments"]


def write_session(torrents, folder, home):
    """What a daemon leaves behind that had verified these torrents of one file each. Version 3.00 rests for 0.1 s in each verification,
    which would make a quarter of an hour of ten thousand."""
    kept, progress = os.path.join(home, "torrents"), os.path.join(home, "resume")
    os.makedirs(kept)
    os.makedirs(progress)
    now = int(time.time()) + 1
    for path in glob.glob(os.path.join(torrents, "*.torrent")):
        with open(path, "rb") as f:
            info = f.read()[len(b"d4:info"):-1]  # all there is in such a torrent
        name = hashlib.sha1(info).hexdigest()
        shutil.copy(path, os.path.join(kept, name + ".torrent"))
        with open(os.path.join(progress, name + ".resume"), "wb") as f:
            f.write(bencode({
                "added-date": now, "destination": folder, "dnd": [0], "paused": 0, "priority": [0],
                "progress": {"blocks": "all", "have": "all", "time-checked": [now]}}))
