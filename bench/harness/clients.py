"""The clients: how each one is started in each part it can play.

A leech that can be told to download again is a Talker with the orders of dev.spate.bench.WarmLeech. Clients that cannot are
started anew for every download; being native code, they are as fast the first time.
"""
import os
import shutil
import subprocess
import sys
import time

from .payloads import MIB, one_file
from .processes import Process, Talker, free_port
from .transmission import Daemon, write_session
from .wire import await_leech, await_seed

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"  # the one that has Debian's python3-libtorrent


class Seed:
    """A running seed: its process and where it listens."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()


class Leech(Seed):
    """A running leech. One that takes orders downloads the same payload as often as it is told to."""

    def expect(self, payload, folder):
        """Adds the payload and waits until its peers are welcome."""
        self.process.say("get", payload.torrent, folder)
        self.process.hear("ready")

    def expect_by_magnet(self, payload, folder):
        """As `expect`, knowing the info-hash alone."""
        self.process.say("magnet", "magnet:?xt=urn:btih:" + payload.info_hash.hex(), folder)

    def connect(self, port):
        self.process.say("peer", port)
        return time.monotonic()

    def limit(self, rate):
        """Bytes per second each way from now on; 0: no limit."""
        self.process.say("limit", rate)

    def done(self):
        """The second at which all of it was there."""
        return self.process.hear("done")

    def forget(self):
        self.process.say("forget")
        self.process.hear("forgotten")


class Viewer(Leech):
    """A running leech whose one torrent is a film that is read while it arrives."""

    def read(self, begin, length):
        """Reads, which waits for what is not there; the second at which it was read."""
        self.wants(begin, length)
        return self.was_read()

    def wants(self, begin, length):
        """The first half of `read`."""
        self.process.forget("read")
        self.process.say("read", begin, length)

    def was_read(self):
        return self.process.hear("read")

    def has(self, begin, length):
        self.process.forget("here")
        self.process.say("have", begin, length)
        self.process.hear("here")
        return self.process.said("here") == "yes"


class Client:
    def __init__(self, work):
        self.work = os.path.join(work, self.name)
        self.log = os.path.join(work, self.name + ".log")
        os.makedirs(self.work, exist_ok=True)

    def scratch(self):
        """An empty folder."""
        path = os.path.join(self.work, "scratch")
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def added(self, process):
        """A session of torrents that nobody wants, and the seconds that it took to add them."""
        return self._waited_for(process, lambda process: process.hear("added") - process.hear("ready"))

    def _waited_for(self, process, wait):
        try:
            return process, wait(process)
        except BaseException:
            process.stop()
            raise

    def ready_seed(self, process, port, payloads):
        seed = Seed(process, port)
        return self._ready(seed, lambda: [await_seed(process, port, payload) for payload in payloads])

    def ready_leech(self, process, port, payload):
        return self._ready(Leech(process, port), lambda: await_leech(process, port, payload))

    def _ready(self, peer, wait):
        try:
            wait()
            return peer
        except BaseException as e:
            peer.process.stop()
            raise RuntimeError("%s does not get ready: %s" % (self.name, peer.process.tail())) from e


class Spate(Client):
    """Seeds, first downloads, checks and new torrents come from the command line as a user starts it; what has to be told what to
    do is a small program on the library, started with the launcher's options."""

    name = "spate"

    def __init__(self, work, launcher, java, mains):
        super().__init__(work)
        self.launcher = launcher
        # An AOT cache holds for one main module and one class path, so the mains need one of their own.
        self.cache = os.path.join(work, "mains.aot")
        plain = [word for word in java if not word.startswith("-XX:AOTCache=")]
        self.java, self.rest = plain[0], [*plain[1:], "--add-modules", "dev.spate.engine,dev.spate.classic", "-cp", mains]

    def train(self):
        """Makes the cache as the launcher makes that of the command line: from a whole transfer."""
        lesson = one_file(os.path.join(self.work, "lesson"), "lesson", 128 * MIB)
        target = os.path.join(self.work, "learnt")
        with self.seed([lesson]) as seed:
            leech = self._leech("-XX:AOTCacheOutput=" + self.cache)
            with leech:
                leech.expect(lesson, target)
                leech.connect(seed.port)
                leech.done()
                leech.forget()
                leech.process.end(60)  # the cache is made at the end
        shutil.rmtree(lesson.folder)

    def _main(self, option, name, *arguments):
        return Talker([self.java, option, *self.rest, "dev.spate.bench." + name, *arguments], self.log)

    def _leech(self, option):
        port = free_port()
        return Leech(self._main(option, "WarmLeech", port), port)

    def seed(self, payloads, connections=80):
        port = free_port()
        torrents = [payload.torrent for payload in payloads]
        process = Process(
            [self.launcher, "seed", "-q", "--listen", "127.0.0.1:%d" % port, "--no-tracker", "--state", self.scratch(),
             "--max-connections", connections, "--data", payloads[0].folder, *torrents], self.log)
        return self.ready_seed(process, port, payloads)

    def leech(self):
        return self._leech("-XX:AOTCache=" + self.cache)

    def first_download(self, payload, folder, port):
        return Process(
            [self.launcher, "get", "-q", "--listen", "127.0.0.1:%d" % port, "--no-tracker", "--state", self.scratch(),
             "--output", folder, payload.torrent], self.log)

    def check(self, payload):
        return [self.launcher, "verify", "-q", payload.torrent, payload.folder]

    def create(self, payload, target):
        return [self.launcher, "create", "-q", "--piece-length", payload.piece_length, "--output", target, payload.path]

    def idle(self, torrents, folder):
        return self.added(self._main("-XX:AOTCache=" + self.cache, "IdleTorrents", torrents, folder, free_port()))

    def viewer(self, rate):
        """Finds out by itself how many bytes of the film are watched per second."""
        port = free_port()
        return Viewer(self._main("-XX:AOTCache=" + self.cache, "FilmViewer", port), port)

    def dht(self, port):
        return Process(
            [self.launcher, "dht", "node", "--listen", "127.0.0.1:%d" % port, "--answers", 1_000_000_000, "--node", "127.0.0.1:9",
             "--state", os.path.join(self.scratch(), "dht.state")], self.log)


    def course(self, way, folder, size):
        """The seconds of a course's network, or of a TCP stream in its place."""
        return _last_word([self.java, *self.rest, "dev.spate.bench.CourseRace", folder, size, way])


def _last_word(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-400:])
    return float(done.stdout.split()[-1])


class Libtorrent(Client):
    name = "libtorrent"
    program = [PYTHON, os.path.join(HERE, "libtorrent_peer.py")]

    def seed(self, payloads, connections=80):
        port = free_port()
        process = Talker([*self.program, "session", port], self.log)
        for payload in payloads:
            process.say("seed", payload.torrent, payload.folder)
        return self.ready_seed(process, port, payloads)

    def leech(self):
        port = free_port()
        return Leech(Talker([*self.program, "session", port], self.log), port)

    def first_download(self, payload, folder, port):
        process = Talker([*self.program, "session", port], self.log)
        process.say("get", payload.torrent, folder)
        return process

    def check(self, payload):
        return [*self.program, "check", payload.torrent, payload.folder]

    def idle(self, torrents, folder):
        return self.added(Talker([*self.program, "idle", torrents, folder, free_port()], self.log))

    def home_seed(self, payload, rate):
        """A seed as at home, with so many bytes per second."""
        port = free_port()
        return self.ready_seed(Talker([*self.program, "home", port, payload.torrent, payload.folder, rate], self.log), port, [payload])

    def viewer(self, rate):
        port = free_port()
        return Viewer(Talker([*self.program, "film", port, rate], self.log), port)

    def dht(self, port):
        return Talker([*self.program, "dht", port], self.log)


class Rtorrent(Client):
    name = "rtorrent"

    def _start(self, payload, folder):
        port, home = free_port(), self.scratch()
        settings = os.path.join(home, "rc")
        with open(settings, "w") as f:
            f.write("\n".join([
                "system.daemon.set = true", "session.path.set = " + home, "directory.default.set = " + folder,
                "network.bind_address.set = 127.0.0.1", "network.port_range.set = %d-%d" % (port, port),
                "network.port_random.set = no", "protocol.encryption.set = none", "protocol.pex.set = no",
                "dht.mode.set = disable", "trackers.use_udp.set = no", "pieces.hash.on_completion.set = no",
                "throttle.global_up.max_rate.set_kb = 0", "throttle.global_down.max_rate.set_kb = 0",
                "pieces.memory.max.set = 2048M", "network.send_buffer.size.set = 4M", "network.receive_buffer.size.set = 4M",
                "load.start = " + payload.torrent, ""]))
        command = ["rtorrent", "-n", "-o", "import=" + settings]
        return Process(command, self.log, env={"HOME": home, "TERM": "xterm"}, cwd=home), port

    def seed(self, payloads):
        return self.ready_seed(*self._start(payloads[0], payloads[0].folder), payloads)

    def download(self, payload, folder):
        """A fresh leech that is ready."""
        return self.ready_leech(*self._start(payload, folder), payload)


class Aria2(Client):
    name = "aria2c"

    def _start(self, payload, folder, *more):
        port = free_port()
        command = [
            "aria2c", "--no-conf", "--quiet", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false",
            "--enable-peer-exchange=false", "--disable-ipv6=true", "--interface=127.0.0.1", "--listen-port=%d" % port,
            "--bt-max-peers=0", "--bt-request-peer-speed-limit=0", "--max-upload-limit=0", "--bt-exclude-tracker=*",
            "--file-allocation=none", "--allow-overwrite=true", "--seed-ratio=0.0", "--seed-time=9999", "--dir=" + folder,
            *more, payload.torrent]
        return Process(command, self.log, cwd=self.scratch()), port

    def seed(self, payloads):
        return self.ready_seed(*self._start(payloads[0], payloads[0].folder, "--check-integrity=true"), payloads)

    def download(self, payload, folder):
        return self.ready_leech(*self._start(payload, folder), payload)


class Transmission(Client):
    name = "transmission-daemon"

    def idle(self, torrents, folder):
        """The seconds are those without verification, and the session is one that was restored."""
        with Daemon(self.scratch(), self.log) as new:
            seconds = new.add(torrents, folder)
        home = self.scratch()
        write_session(torrents, folder, home)
        return self._waited_for(Daemon(home, self.log), lambda process: process.await_seeding() or seconds)


def others(work):
    """The further clients whose CPU time is compared, those that are installed."""
    found = [kind(work) for kind in (Rtorrent, Aria2) if shutil.which(kind.name)]
    if len(found) < 2:
        print("bench: rtorrent or aria2 is not installed and is left out", file=sys.stderr)
    return found


def daemons(work):
    """The further clients that are measured with many torrents."""
    if shutil.which(Transmission.name):
        return [Transmission(work)]
    print("bench: %s is not installed and is left out" % Transmission.name, file=sys.stderr)
    return []
