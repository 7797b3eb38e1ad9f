"""Processes under measurement: started together with what they need, watched through /proc, and ended for certain."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time

MIB = 1 << 20


def free_port():
    """A TCP port of the loopback interface that nobody has at this moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A program that runs beside us. Its CPU time and memory are those of one process: no client here forks."""

    def __init__(self, command, log, talks=False, env=None, cwd=None):
        self.log = log
        pipe = subprocess.PIPE if talks else None
        with open(log, "ab") as out:
            self.popen = subprocess.Popen(
                [str(word) for word in command], stdin=pipe or subprocess.DEVNULL, stdout=pipe or out, stderr=out, text=True,
                start_new_session=True, env={**os.environ, **(env or {})}, cwd=cwd)
        self.started = time.monotonic()

    @property
    def pid(self):
        return self.popen.pid

    def alive(self):
        return self.popen.poll() is None

    def cpu(self):
        """CPU seconds so far, user and system, all threads."""
        return time.clock_gettime((~self.pid << 3) | 2)  # what clock_getcpuclockid(3) computes

    def rss(self):
        """Resident memory in MiB."""
        return self._status("VmRSS")

    def peak_rss(self):
        """The most resident memory so far in MiB."""
        return self._status("VmHWM")

    def _status(self, field):
        try:
            with open("/proc/%d/status" % self.pid) as f:
                for line in f:
                    if line.startswith(field):
                        return int(line.split()[1]) / 1024
        except OSError:
            pass
        return 0.0

    def tail(self):
        with open(self.log, errors="replace") as f:
            return f.read()[-800:].strip()

    def stop(self):
        for signum, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signum)
            try:
                self.popen.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Talker(Process):
    """A process that takes orders, a line each, and prints `word second` for what happens."""

    def __init__(self, command, log, **more):
        super().__init__(command, log, talks=True, **more)
        self._heard = {}
        self._news = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(ValueError, OSError):  # closed while we read
            for line in self.popen.stdout:
                report = re.fullmatch(r"(\w+)(.*) (\d+\.\d+)\n", line)
                if report:  # and not a warning of a virtual machine
                    with self._news:
                        self._heard[report[1]] = float(report[3]), report[2]
                        self._news.notify_all()
        with self._news:
            self._heard["ended"] = 0.0, ""
            self._news.notify_all()

    def say(self, *words):
        with self._news:
            if words[0] in ("get", "magnet"):
                self._heard = {word: at for word, at in self._heard.items() if word == "ended"}
        self.popen.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.popen.stdin.flush()

    def forget(self, word):
        """What was heard of `word` does not count for the next `hear`."""
        with self._news:
            self._heard.pop(word, None)

    def said(self, word):
        """What came with `word` when it was heard."""
        with self._news:
            return self._heard[word][1].strip()

    def end(self, limit):
        """Says that no more orders come, and waits until the program has ended in good order."""
        self.popen.stdin.close()
        if self.popen.wait(limit) != 0:
            raise RuntimeError("exit code %d\n%s" % (self.popen.returncode, self.tail()))

    def hear(self, word, limit=180):
        """Waits for `word` since the last `get` or `magnet`; the second at which it happened."""
        with self._news:
            self._news.wait_for(lambda: self._heard.keys() & {word, "failed", "ended"}, limit)
            if word not in self._heard:
                why = self._heard.get("failed", (0, "ended or silent"))[1]
                raise RuntimeError("no %r: %s\n%s" % (word, why, self.tail()))
            return self._heard[word][0]


class Span:
    """What some processes and the machine use between two moments."""

    def __init__(self, *processes):
        self.processes = processes
        self.cpu_before = [p.cpu() for p in processes]
        self.busy_before, self.own_before = _busy(), time.process_time()
        self.begin = time.monotonic()

    def end(self, also=0.0):
        """`also`: CPU seconds of other processes that belong to the measurement."""
        self.cpu = [p.cpu() - before for p, before in zip(self.processes, self.cpu_before)]
        ours = sum(self.cpu) + also + time.process_time() - self.own_before
        seconds = max(0.01, time.monotonic() - self.begin)
        DISTURBANCE.append(max(0.0, (_busy() - self.busy_before - ours) / seconds))
        return self


DISTURBANCE = []
"""CPUs that were busy with something else, for each measured span."""


def _busy():
    with open("/proc/stat") as f:
        user, nice, system, idle, iowait, irq, softirq, steal = map(int, f.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
