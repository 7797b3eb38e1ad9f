"""The measures: each takes the laboratory, fills its rows, and leaves nothing running.

In every repetition libtorrent and Spate take turns, so that the machine is the same for both. *Warm* means for either of them that
the process has moved 2 GiB before the first repetition counts.
"""
import json
import os
import random
import resource
import shutil
import socket
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from . import dht_wire, payloads, player
from .payloads import GIB, KIB, MIB
from .processes import Span, free_port
from .table import Row
from .wire import hello


class Laboratory:
    """What the measures share: the clients, the payloads, a work folder in memory, and how much to measure."""

    def __init__(self, work, raw_peer, dht_flood, spate, libtorrent, others, daemons, runs, quick):
        self.work, self.raw_peer, self.dht_flood = work, raw_peer, dht_flood
        self.spate, self.libtorrent, self.others, self.daemons = spate, libtorrent, others, daemons
        self.runs = runs
        self.quick = quick
        self.big_size = 128 * MIB if quick else 2 * GIB
        self.warm_size = 256 * MIB if quick else 2 * GIB
        self.first_size = 64 * MIB if quick else GIB
        self.files = 1000 if quick else 10_000
        self._made = {}

    @property
    def pair(self):
        return self.libtorrent, self.spate

    def _payload(self, name, make):
        if name not in self._made:
            self._made[name] = make(os.path.join(self.work, "payloads"), name)
        return self._made[name]

    def big(self):
        return self._payload("big", lambda folder, name: payloads.one_file(folder, name, self.big_size))

    def first(self):
        return self._payload("first", lambda folder, name: payloads.one_file(folder, name, self.first_size))

    def of_size(self, name, size):
        return self._payload(name, lambda folder, file: payloads.one_file(folder, file, size))

    def film(self, seconds):
        return self._payload(
            "film", lambda folder, name: payloads.one_file(folder, name, seconds * player.FILM // (256 * KIB) * 256 * KIB, 256 * KIB))

    def small_files(self):
        return self._payload("files", lambda folder, name: payloads.many_files(folder, name, self.files, 16 * KIB))

    def folder(self, name):
        path = os.path.join(self.work, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def raw(self, role, port, payload, **options):
        """Runs the raw peer; what it says of its last repetition."""
        command = [self.raw_peer, role, port, payload.info_hash.hex(), payload.whole, payload.piece_length]
        for name, value in options.items():
            command += ["--" + name, value]
        output = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=False).stdout
        outcome = json.loads((output.splitlines() or ['{"ok": false}'])[-1])
        if not outcome["ok"]:
            raise RuntimeError("the raw peer as a %s failed: %s" % (role, output))
        return outcome

    def flood(self, kind, port):
        """Asks a DHT node for some seconds; how many questions it answered."""
        command = ["taskset", "-c", str(os.cpu_count() - 1), self.dht_flood, kind, str(port), "1" if self.quick else "4"]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
        answers = json.loads(output or '{"answers": 0}')["answers"]
        if answers == 0:
            raise RuntimeError("the DHT node answers nothing")
        return answers

    def warm_seed(self, client, payload, **more):
        """A seed that has given 2 GiB away."""
        seed = client.seed([payload], **more)
        try:
            self.raw("sink", seed.port, payload, repeat=-(-self.warm_size // payload.size))
        except BaseException:
            seed.process.stop()
            raise
        return seed

    def download(self, leech, payload, seed_port):
        """One download of a leech that takes orders; the seconds from the order to connect until it is complete."""
        leech.expect(payload, self.folder("leech"))
        begin = leech.connect(seed_port)
        seconds = leech.done() - begin
        leech.forget()
        return seconds

    def raw_download(self, leech, payload):
        """The same from the raw peer; (seconds, CPU seconds of the leech)."""
        leech.expect(payload, self.folder("leech"))
        span = Span(leech.process)
        raw = self.raw("source", leech.port, payload)
        seconds = leech.done() - raw["start"]
        span.end(raw["cpu"])
        leech.forget()
        return seconds, span.cpu[0]


def _megabytes(size, seconds):
    return size / 1e6 / seconds


def transfer(lab):
    """One connection between clients."""
    itself = Row("Spate to Spate, one connection, 2 GiB, warm, MB/s", 1.8)
    gives = Row("Spate seeds to libtorrent, MB/s (libtorrent to itself)", 1.0)
    takes = Row("Spate gets from libtorrent, MB/s (libtorrent to itself)", 1.0)
    rows = {("spate", "spate"): itself, ("spate", "libtorrent"): gives, ("libtorrent", "spate"): takes}

    def measure():
        big = lab.big()
        with ExitStack() as stack:
            seeds = {c.name: stack.enter_context(lab.warm_seed(c, big)) for c in lab.pair}
            leeches = {c.name: stack.enter_context(c.leech()) for c in lab.pair}
            ways = [("libtorrent", "libtorrent"), *rows]
            for i in range(-1, lab.runs):
                rates = {way: _megabytes(big.size, lab.download(leeches[way[1]], big, seeds[way[0]].port)) for way in ways}
                if i >= 0:  # the one before made the leeches warm
                    for way, row in rows.items():
                        row.add(rates[ways[0]], rates[way])

    return [itself, gives, takes], measure


def raw_seed(lab):
    """A seed and a bottomless peer."""
    cpu = Row("seed to the raw peer, warm, CPU-s/GiB", 0.55, less=True, digits=2)
    best = Row("seed to the raw peer, CPU-s/GiB, against the best other", 1.0, less=True, digits=2)
    rate = Row("seed to the raw peer, warm, MB/s", 1.2)
    memory = Row("seed at full speed, peak RSS, MiB", 80, less=True, absolute=True, unit="MiB")

    def measure():
        big = lab.big()
        clients = [*lab.pair, *lab.others]
        with ExitStack() as stack:
            seeds = {c.name: stack.enter_context(lab.warm_seed(c, big)) for c in clients}
            for _ in range(lab.runs):
                spent, rates = {}, {}
                for name, seed in seeds.items():
                    span = Span(seed.process)
                    raw = lab.raw("sink", seed.port, big)
                    spent[name] = span.end(raw["cpu"]).cpu[0] / big.gib
                    rates[name] = _megabytes(big.size, raw["done"] - raw["start"])
                cpu.add(spent["libtorrent"], spent["spate"])
                rate.add(rates["libtorrent"], rates["spate"])
                _against_the_best(best, lab.others, spent)
            memory.add(*(seeds[c.name].process.peak_rss() for c in lab.pair))

    return [cpu, rate, memory] + [best] * bool(lab.others), measure


def raw_leech(lab):
    """A leech and a seed that costs almost nothing."""
    cpu = Row("leech from the raw peer, warm, CPU-s/GiB", 0.70, less=True, digits=2)
    best = Row("leech from the raw peer, CPU-s/GiB, against the best other", 1.0, less=True, digits=2)
    rate = Row("leech from the raw peer, warm, MB/s", 1.2)
    memory = Row("leech at full speed, peak RSS, MiB", 160, less=True, absolute=True, unit="MiB")

    def measure():
        big = lab.big()
        with ExitStack() as stack:
            leeches = {c.name: stack.enter_context(c.leech()) for c in lab.pair}
            for leech in leeches.values():
                for _ in range(-(-lab.warm_size // big.size)):
                    lab.raw_download(leech, big)
            for _ in range(lab.runs):
                spent, rates = {}, {}
                for name, leech in leeches.items():
                    seconds, cpu_seconds = lab.raw_download(leech, big)
                    spent[name], rates[name] = cpu_seconds / big.gib, _megabytes(big.size, seconds)
                for client in lab.others:
                    with client.download(big, lab.folder("leech")) as leech:
                        span = Span(leech.process)
                        raw = lab.raw("source", leech.port, big)
                        spent[client.name] = span.end(raw["cpu"]).cpu[0] / big.gib
                cpu.add(spent["libtorrent"], spent["spate"])
                rate.add(rates["libtorrent"], rates["spate"])
                _against_the_best(best, lab.others, spent)
            memory.add(*(leeches[c.name].process.peak_rss() for c in lab.pair))

    return [cpu, rate, memory] + [best] * bool(lab.others), measure


def _against_the_best(row, others, spent):
    if others:
        best = min((client.name for client in others), key=spent.get)
        row.reference = best
        row.add(spent[best], spent["spate"])


def crowd(lab):
    """One seed and many connections, each of which wants everything."""
    sizes = {16: lab.big_size // 8, 200: lab.big_size // 64}
    rows = {}
    for count in sizes:
        rows[count] = (
            Row("1 seed to %d connections, warm, CPU-s/GiB" % count, 0.65, less=True, digits=2),
            Row("1 seed to %d connections, warm, MB/s" % count, 1.1))

    def measure():
        big = lab.big()
        with ExitStack() as stack:
            seeds = {c.name: stack.enter_context(lab.warm_seed(c, big, connections=1000)) for c in lab.pair}
            for count, each in sizes.items():
                for _ in range(lab.runs):
                    spent, rates = [], []
                    for seed in seeds.values():
                        span = Span(seed.process)
                        raw = lab.raw("sink", seed.port, big, connections=count, bytes=each)
                        spent.append(span.end(raw["cpu"]).cpu[0] / (raw["bytes"] / GIB))
                        rates.append(_megabytes(raw["bytes"], raw["done"] - raw["start"]))
                    rows[count][0].add(*spent)
                    rows[count][1].add(*rates)

    return [row for pair in rows.values() for row in pair], measure


def cold(lab):
    """From the start of a process until its first download is complete."""
    rate = Row("a cold process's first 1 GiB, start included, MB/s", 1.0)
    memory = Row("get of 1 GiB by a new process, peak RSS, MiB", 160, less=True, absolute=True, unit="MiB")

    def measure():
        payload = lab.first()
        for _ in range(lab.runs):
            rates, peaks = zip(*(_first_download(lab, client, payload) for client in lab.pair))
            rate.add(*rates)
            memory.add(*peaks)

    return [rate, memory], measure


def _first_download(lab, client, payload):
    port = free_port()
    command = [lab.raw_peer, "source", port, payload.info_hash.hex(), payload.whole, payload.piece_length]
    with open(os.path.join(lab.work, "raw.out"), "w+") as output:
        raw = subprocess.Popen([str(word) for word in command], stdout=output)
        time.sleep(1)  # until it has mapped the payload and tries to connect
        peak = 0
        with client.first_download(payload, lab.folder("leech"), port) as process:
            while raw.poll() is None:
                peak = max(peak, process.peak_rss())
                time.sleep(0.02)
            output.seek(0)
            outcome = json.loads(output.read() or '{"ok": false}')
            if not outcome["ok"]:
                raise RuntimeError("%s does not complete\n%s" % (client.name, process.tail()))
            return _megabytes(payload.size, outcome["done"] - process.started), peak


def many_files(lab):
    """A folder of small files from a client to another of its kind."""
    row = Row("%s files of 16 KiB, to itself, warm, MB/s" % format(lab.files, ","), 1.3)

    def measure():
        big, small = lab.big(), lab.small_files()
        with ExitStack() as stack:
            ends = []
            for client in lab.pair:
                seed, leech = stack.enter_context(client.seed([big, small])), stack.enter_context(client.leech())
                lab.download(leech, big, seed.port)
                lab.download(leech, small, seed.port)
                ends.append((leech, seed.port))
            for _ in range(lab.runs):
                row.add(*(_megabytes(small.size, lab.download(leech, small, port)) for leech, port in ends))

    return [row], measure


def hashing(lab):
    """Whole programs, from their start to their end."""
    check = Row("recheck of 2 GiB, GiB/s", 2.0, digits=2)
    create = Row("create of 2 GiB, GiB/s", 1.0, digits=2)
    create.reference = "mktorrent -t 2:"

    def measure():
        big = lab.big()
        target = os.path.join(lab.work, "created.torrent")
        exponent = str(big.piece_length.bit_length() - 1)
        mktorrent = ["mktorrent", "-t", "2", "-l", exponent, "-a", "http://127.0.0.1/announce", "-o", target, big.path]
        for _ in range(lab.runs):
            check.add(*(big.gib / _seconds(client.check(big)) for client in lab.pair))
            speeds = []
            for command in (mktorrent, lab.spate.create(big, target)):
                if os.path.exists(target):
                    os.remove(target)
                speeds.append(big.gib / _seconds(command))
            create.add(*speeds)

    return [check, create], measure


def _seconds(command):
    begin = time.monotonic()
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (command[0], done.stdout[-400:]))
    return time.monotonic() - begin


def limits(lab, rate=20_000_000, seconds=10, unreached=100_000_000_000):
    """What a limit costs that is never reached, and how well one is kept that is."""
    cost = Row("leech with a limit of 100 GB/s, MB/s (without a limit)", 0.97)
    cost.reference = "without:"
    kept = Row("a limit of 20 MB/s over 10 s, off by, %", 2, less=True, absolute=True, unit="%", digits=2)

    def measure():
        big, ten_seconds = lab.big(), lab.of_size("limited", -(-rate * seconds // MIB) * MIB)
        with ExitStack() as stack:
            leeches = {c.name: stack.enter_context(c.leech()) for c in lab.pair}
            spate = leeches["spate"]
            for _ in range(-(-lab.warm_size // big.size)):
                lab.raw_download(spate, big)
            for _ in range(lab.runs):
                rates = []
                for limit in (0, unreached):
                    spate.limit(limit)
                    rates.append(_megabytes(big.size, lab.raw_download(spate, big)[0]))
                cost.add(*rates)
                off = []
                for leech in leeches.values():
                    leech.limit(rate)
                    took = lab.raw_download(leech, ten_seconds)[0]
                    off.append(abs(ten_seconds.size / took / rate - 1) * 100)
                # A deviation of nothing would make the ratio meaningless.
                kept.add(max(off[0], 0.01), off[1])

    return [cost, kept], measure


def course(lab):
    """Nine peers of a course's network against one TCP stream that carries the file to each in turn."""
    row = Row("9 course peers, time to get the file, s", 1, less=True, unit="s", digits=2)
    row.reference = "one TCP stream to each in turn:"

    def measure():
        for _ in range(lab.runs):
            times = []
            for way in ("stream", "course"):
                folder = lab.folder("course")
                times.append(lab.spate.course(way, folder, lab.first_size))
                shutil.rmtree(folder)
            row.add(*times)

    return [row], measure


def idle_torrents(lab, count=1000, mebibytes=110, at_most=1, others=()):
    """Torrents that nobody wants; beside libtorrent's figures in rows of their own those of further clients."""
    rows = {}
    for client in [lab.libtorrent, *others]:
        what = "%s idle torrents, " % format(count, ",")
        rows[client.name] = [
            Row(what + "RSS, MiB", mebibytes, less=True, absolute=True, unit="MiB"),
            Row(what + "time to add, s", at_most, less=True, absolute=True, unit="s", digits=2),
            Row(what + "part of a processor, %", 1, less=True, absolute=True, unit="%", digits=2)]
        for row in rows[client.name]:
            row.reference = "" if client is lab.libtorrent else client.name + ":"

    def measure():
        torrents, data = lab.folder("torrents"), lab.folder("data")
        payloads.small_torrents(torrents, data, count)
        for _ in range(lab.runs):
            found = {client.name: _idleness(client, torrents, data) for client in [*lab.pair, *others]}
            for name, three in rows.items():
                for row, theirs, ours in zip(three, found[name], found[lab.spate.name]):
                    row.add(theirs, ours)
        shutil.rmtree(torrents)
        shutil.rmtree(data)

    return [row for three in rows.values() for row in three], measure


def _idleness(client, torrents, data):
    """Resident MiB, seconds to add, and per cent of a processor."""
    process, seconds = client.idle(torrents, data)
    with process:
        time.sleep(10)  # for what is put off: compilers, saves
        before = process.cpu()
        time.sleep(20)
        return process.rss(), seconds, 5 * (process.cpu() - before)


def ten_thousand_torrents(lab):
    return idle_torrents(lab, 10_000, 256, 5, lab.daemons)


def idle_connections(lab, count=1000):
    """Connections that say hello and nothing more, each from an address of its own."""
    row = Row("1,000 idle connections, RSS above idle, MiB", 8, less=True, absolute=True, unit="MiB", digits=1)

    def measure():
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # for us and for the clients
        payload = lab.first()
        for _ in range(lab.runs):
            row.add(*(_cost_of_connections(client, payload, count) for client in lab.pair))

    return [row], measure


def _cost_of_connections(client, payload, count):
    with client.seed([payload], connections=count + 10) as seed, ExitStack() as stack:
        time.sleep(1)
        before = seed.process.rss()
        nothing = bytes((payload.pieces + 7) // 8)
        introduction = hello(payload.info_hash)[:-12]
        for i in range(count):
            s = stack.enter_context(socket.socket())
            s.bind(("127.1.%d.%d" % (i // 250, 1 + i % 250), 0))
            s.settimeout(5)
            s.connect(("127.0.0.1", seed.port))
            s.sendall(introduction + b"%012d" % i + (1 + len(nothing)).to_bytes(4, "big") + b"\x05" + nothing)
            greeting = s.recv(68, socket.MSG_WAITALL)
            if len(greeting) < 68:
                raise RuntimeError("%s closed connection %d of %d" % (client.name, i + 1, count))
        time.sleep(3)
        return max(0.1, seed.process.rss() - before)


def magnet_link(lab):
    """From the order to connect, by an info-hash alone, to the first piece on disk; the seed is a libtorrent for both."""
    row = Row("magnet link, connect to first piece, warm, ms", 1.0, less=True, digits=1)

    def measure():
        payload = lab.of_size("magnet", 64 * MIB)
        with lab.libtorrent.seed([payload]) as seed, lab.libtorrent.leech() as one, lab.spate.leech() as other:
            for repetition in range(1 + 5 * lab.runs):
                took = []
                for leech in (one, other):
                    leech.expect_by_magnet(payload, lab.folder("leech"))
                    time.sleep(0.2)
                    connected = leech.connect(seed.port)
                    took.append((leech.process.hear("first") - connected) * 1000)
                    leech.done()
                    leech.forget()
                if repetition > 0:
                    row.add(*took)

    return [row], measure


def stream(lab, seeds=5, rate=270_000, film=600, views=5, seeks=10, between=4):
    """A film from seeds each of which is slower than it, by a third more than its rate in all.

    First it is begun some times by each in turn. Then both watch a stretch of it at the same time, each from seeds of its own,
    and go on to random places that are not there yet, to watch each for some seconds.
    """
    what = "film of 8 Mbit/s, %d seeds of %.2f Mbit/s: " % (seeds, rate * 8 / 1e6)
    first = Row(what + "first byte after it is added, warm, s", 1.2, less=True, digits=2)
    stalls = Row(what + "stalls per hour of it", 0, less=True, absolute=True)
    stalled = Row(what + "seconds stalled per hour of it", 0, less=True, absolute=True, unit="s", digits=1)
    answered = Row(what + "seek answered (256 KiB), s", 1.2, less=True, digits=2)
    length = 20 if lab.quick else 120

    def measure():
        payload = lab.film(film)
        with ExitStack() as stack:
            viewers = [
                (stack.enter_context(client.viewer(player.FILM)),
                 [stack.enter_context(lab.libtorrent.home_seed(payload, rate)).port for _ in range(seeds)],
                 "leech-" + client.name) for client in lab.pair]
            for _ in range(lab.runs):
                for view in range(1 if lab.quick else 1 + views):
                    begun = [_begin_film(lab, payload, *viewer) for viewer in viewers]
                    if view > 0 or lab.quick:
                        first.add(*begun)
                    for viewer, *_ in viewers:
                        viewer.forget()

                def watch_it(both):
                    _begin_film(lab, payload, *both)
                    return _watch_film(payload, both[0], length, 3 if lab.quick else seeks, between)

                with ThreadPoolExecutor() as together:
                    found = list(together.map(watch_it, viewers))
                stalls.add(*(3600 / seconds * count for seconds, count, _, _ in found))
                stalled.add(*(3600 / seconds * standing for seconds, _, standing, _ in found))
                answered.add(*(statistics.median(times) for *_, times in found))
                for viewer, *_ in viewers:
                    viewer.forget()

    return [first, stalls, stalled, answered], measure


def _begin_film(lab, payload, viewer, ports, folder):
    """The seconds from adding the film, with somebody who waits for its beginning, and then its peers, until that is there."""
    folder = lab.folder(folder)
    begin = time.monotonic()
    viewer.expect(payload, folder)
    viewer.wants(0, player.READ)
    for port in ports:
        viewer.connect(port)
    return viewer.was_read() - begin


def _watch_film(payload, viewer, length, seeks, between):
    """Seconds of film that were seen, stalls, seconds of them, and the seconds until each seek was answered."""
    stretches = [player.watch(viewer, 0, length)]
    waits = []
    places = random.Random(payload.size)
    while len(waits) < seeks:
        place = places.randrange(payload.size - between * player.FILM)
        if not viewer.has(place, player.ANSWER):
            begin = time.monotonic()
            stretches.append(player.watch(viewer, place, between))
            waits.append(stretches[-1].answered - begin)
    seen = length + seeks * between
    return seen, sum(each.stalls for each in stretches), sum(each.stalled for each in stretches), waits


def _cpu_of_children():
    """CPU seconds of the programs that we have run and waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def dht_node(lab):
    """A DHT node on one core, asked by another one from 64 addresses; by processor time, for the whole process."""
    rows = {kind: Row("DHT, %s answered, warm, per CPU-s" % kind, 1.3) for kind in ("ping", "find_node", "get_peers")}
    memory = Row("DHT node, 100,000 peers stored, RSS above idle, MiB", 64, less=True, absolute=True, unit="MiB", digits=1)

    def measure():
        for _ in range(lab.runs):
            found = {kind: [] for kind in rows}
            sizes = []
            for client in lab.pair:
                port = free_port()
                with client.dht(port) as process:
                    dht_wire.await_node(port)
                    before = process.rss()
                    dht_wire.store(port, hashes=400, peers=250)
                    sizes.append(max(0.1, process.rss() - before))
                with client.dht(port) as process:
                    dht_wire.await_node(port)
                    for thread in os.listdir("/proc/%d/task" % process.pid):
                        os.sched_setaffinity(int(thread), {0})
                    for kind in rows:
                        lab.flood(kind, port)  # until it is warm
                    for kind in rows:
                        span, floods = Span(process), _cpu_of_children()
                        answers = lab.flood(kind, port)
                        found[kind].append(answers / span.end(_cpu_of_children() - floods).cpu[0])
            for kind, row in rows.items():
                row.add(*found[kind])
            memory.add(*sizes)

    return [*rows.values(), memory], measure


ALL = {
    "transfer": transfer, "seed": raw_seed, "leech": raw_leech, "crowd": crowd, "cold": cold, "files": many_files,
    "hashing": hashing, "limits": limits, "torrents": idle_torrents, "many": ten_thousand_torrents, "connections": idle_connections,
    "magnet": magnet_link, "stream": stream, "dht": dht_node, "course": course,
}
