#!/usr/bin/python3
"""libtorrent, tuned for speed, told what to do on standard input. The lines are those of dev.spate.bench.WarmLeech, and more:

    libtorrent_peer.py session PORT                get TORRENT FOLDER, peer PORT, limit RATE, forget; seed TORRENT FOLDER
    libtorrent_peer.py check TORRENT FOLDER        compares the files with the torrent and ends
    libtorrent_peer.py idle TORRENTS FOLDER PORT   as dev.spate.bench.IdleTorrents
    libtorrent_peer.py dht PORT                    a node of the DHT without limits
    libtorrent_peer.py film PORT RATE              as dev.spate.bench.FilmViewer, for a film of so many bytes per second
    libtorrent_peer.py home PORT TORRENT FOLDER RATE   seeds what is complete, as at home: not tuned, and so many bytes per second
"""
import glob
import os
import sys
import threading
import time

import libtorrent as lt

# high_performance_seed and beyond it what made 2.0.8 faster over loopback on two processors.
TUNED = dict(
    aio_threads=2, hashing_threads=1, max_queued_disk_bytes=64 << 20, unchoke_slots_limit=-1,
    close_redundant_connections=False, suggest_mode=0, max_out_request_queue=1500, max_allowed_in_request_queue=3000,
    send_buffer_watermark=4 << 20, send_buffer_low_watermark=1 << 20, send_buffer_watermark_factor=200, peer_turnover=0,
    max_peer_recv_buffer_size=5 << 20, request_timeout=60, peer_timeout=120, inactivity_timeout=120, max_failcount=50,
    request_queue_time=10, allowed_fast_set_size=0, tick_interval=500)

# Plain TCP between named peers of one machine.
LOOPBACK = dict(
    enable_dht=False, enable_lsd=False, enable_upnp=False, enable_natpmp=False, outgoing_interfaces="127.0.0.1",
    allow_multiple_connections_per_ip=True, min_reconnect_time=1, connection_speed=500, connections_limit=20000,
    enable_outgoing_utp=False, enable_incoming_utp=False, out_enc_policy=2, in_enc_policy=2, active_limit=1000000,
    active_seeds=1000000, active_downloads=1000000)


def say(word):
    print("%s %.6f" % (word, time.monotonic()), flush=True)


def session(port, **settings):
    wanted = lt.alert.category_t
    wanted = wanted.status_notification | wanted.storage_notification | wanted.error_notification | wanted.piece_progress_notification
    return lt.session({**LOOPBACK, "listen_interfaces": "127.0.0.1:%d" % port, "alert_mask": wanted, **settings})


def torrent(path, folder):
    p = lt.add_torrent_params()
    p.ti = lt.torrent_info(path)
    p.save_path = folder
    p.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    p.flags |= lt.torrent_flags.override_trackers  # by none
    p.flags |= lt.torrent_flags.disable_pex | lt.torrent_flags.disable_lsd | lt.torrent_flags.disable_dht
    return p


def magnet(link, folder):
    p = lt.parse_magnet_uri(link)
    p.save_path = folder
    p.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    p.flags |= lt.torrent_flags.disable_pex | lt.torrent_flags.disable_lsd | lt.torrent_flags.disable_dht
    return p


def report(ses):
    first_wanted = False
    while True:
        ses.wait_for_alert(1000)
        for alert in ses.pop_alerts():
            kind = alert.what()
            if kind == "metadata_received":
                say("metadata")
                first_wanted = True
            elif kind == "piece_finished":
                if first_wanted:
                    say("first")
                first_wanted = False
            elif kind == "torrent_checked":
                say("ready")
            elif kind == "torrent_finished":
                say("done")
            elif kind == "torrent_deleted":
                say("forgotten")
            elif "error" in kind or kind.endswith("_failed"):
                sys.stderr.write("%s: %s\n" % (kind, alert.message()))


def obey(port):
    ses = session(port, **{**lt.high_performance_seed(), **TUNED})
    leech = None
    threading.Thread(target=report, args=(ses,), daemon=True).start()
    for line in sys.stdin:
        order, *arguments = line.split()
        if order == "seed":
            ses.add_torrent(torrent(*arguments))
        elif order == "get":
            leech = ses.add_torrent(torrent(*arguments))
        elif order == "magnet":
            leech = ses.add_torrent(magnet(*arguments))
        elif order == "peer":
            leech.connect_peer(("127.0.0.1", int(arguments[0])))
        elif order == "limit":
            limit(ses, {"download_rate_limit": int(arguments[0]), "upload_rate_limit": int(arguments[0])})
        elif order == "forget":
            ses.remove_torrent(leech, lt.session.delete_files)
        else:
            raise SystemExit("no such order: " + order)


class Film:
    """A film read while it arrives, in the way of streaming clients on libtorrent: the pieces that are played within the next seconds
    have deadlines, those of the moments at which they are played, and each is handed over in memory when it has arrived."""

    AHEAD = 5
    """Seconds, beyond what the player has in its buffer. With more, seeks are answered later; with 2 or 3 s they are answered a little
    sooner, but films stalled."""

    def __init__(self, ses, path, folder, rate):
        self.ses, self.rate = ses, rate
        parameters = torrent(path, folder)
        self.piece_length, self.count = parameters.ti.piece_length(), parameters.ti.num_pieces()
        self.handle = ses.add_torrent(parameters)
        self.first = self.behind = 0  # the pieces that have deadlines
        self.pieces = {}
        self.hear("torrent_checked")

    def hear(self, wanted=None):
        """Takes in what has happened; with `wanted`, until that is among it."""
        while True:
            self.ses.wait_for_alert(1000)
            kinds = set()
            for alert in self.ses.pop_alerts():
                kinds.add(alert.what())
                if alert.what() == "read_piece":
                    if self.first <= alert.piece < self.behind and alert.buffer:  # and not of before a seek
                        self.pieces[alert.piece] = alert.buffer
                elif "error" in alert.what() or alert.what().endswith("_failed"):
                    sys.stderr.write("%s: %s\n" % (alert.what(), alert.message()))
            if wanted is None or wanted in kinds:
                return

    def read(self, begin, length):
        first, behind = begin // self.piece_length, -(-(begin + length) // self.piece_length)
        if not self.first <= first <= self.behind:
            self.handle.clear_piece_deadlines()
            self.pieces.clear()
            self.behind = first
        self.first = first
        for old in [piece for piece in self.pieces if piece < first]:
            del self.pieces[old]
        while self.behind < min(self.count, (begin + self.AHEAD * self.rate) // self.piece_length + 1):
            due = max(0, self.behind * self.piece_length - begin) * 1000 // self.rate
            self.handle.set_piece_deadline(self.behind, due, lt.deadline_flags_t.alert_when_available)
            self.behind += 1
        while not all(piece in self.pieces for piece in range(first, behind)):
            self.hear()
        say("read")

    def have(self, begin, length):
        return all(self.handle.have_piece(p) for p in range(begin // self.piece_length, -(-(begin + length) // self.piece_length)))

    def forget(self):
        self.ses.remove_torrent(self.handle, lt.session.delete_files)
        self.hear("torrent_deleted")


def film(port, rate):
    # A piece that is due waits for what is in the peers' queues: 1 s, as nothing is gained by the 3 s of the default at such rates.
    ses = session(port, tick_interval=100, request_queue_time=1)
    watched = None
    for line in sys.stdin:
        order, *arguments = line.split()
        if order == "get":
            watched = Film(ses, *arguments, rate)
            say("ready")
        elif order == "peer":
            watched.handle.connect_peer(("127.0.0.1", int(arguments[0])))
        elif order == "read":
            threading.Thread(target=watched.read, args=[int(word) for word in arguments], daemon=True).start()
        elif order == "have":
            say("here yes" if watched.have(*map(int, arguments)) else "here no")
        elif order == "forget":
            watched.forget()
            say("forgotten")
        else:
            raise SystemExit("no such order: " + order)


def home(port, path, folder, rate):
    # Every 0.1 s, so that bytes leave as evenly as through a slow line.
    ses = session(port, tick_interval=100, rate_limit_ip_overhead=False)
    limit(ses, {"upload_rate_limit": rate})
    parameters = torrent(path, folder)
    parameters.flags |= lt.torrent_flags.seed_mode  # the files are not looked at
    ses.add_torrent(parameters)
    sys.stdin.read()


def limit(ses, limits):
    everybody = lt.ip_filter()  # it would leave the peers of this machine unlimited
    everybody.add_rule("0.0.0.0", "255.255.255.255", 1 << lt.session.global_peer_class_id)
    ses.set_peer_class_filter(everybody)
    ses.apply_settings(limits)


def check(path, folder):
    ses = session(0, aio_threads=4, hashing_threads=2, checking_mem_usage=1024)
    handle = ses.add_torrent(torrent(path, folder))
    while not handle.status(0).is_seeding:
        time.sleep(0.002)


def idle(torrents, folder, port):
    ses = session(port)
    say("ready")
    handles = [ses.add_torrent(torrent(path, folder)) for path in sorted(glob.glob(os.path.join(torrents, "*.torrent")))]
    while not all(handle.status(0).is_seeding for handle in handles):
        time.sleep(0.01)
    say("added")
    sys.stdin.read()


def dht(port):
    ses = lt.session({
        "listen_interfaces": "127.0.0.1:%d" % port, "enable_dht": True, "dht_bootstrap_nodes": "", "alert_mask": 0,
        "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "dht_block_ratelimit": 100_000_000, "dht_upload_rate_limit": 1_000_000_000, "dht_restrict_routing_ips": False,
        "dht_restrict_search_ips": False, "dht_ignore_dark_internet": False})
    sys.stdin.read()
    del ses


if sys.argv[1] == "session":
    obey(int(sys.argv[2]))
elif sys.argv[1] == "check":
    check(*sys.argv[2:])
elif sys.argv[1] == "film":
    film(int(sys.argv[2]), int(sys.argv[3]))
elif sys.argv[1] == "home":
    home(int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
elif sys.argv[1] == "dht":
    dht(int(sys.argv[2]))
elif sys.argv[1] == "idle":
    idle(sys.argv[2], sys.argv[3], int(sys.argv[4]))
sys.stdout.flush()
os._exit(0)  # without its long good-byes
