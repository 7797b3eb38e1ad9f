"""As much of the DHT's protocol (BEP 5) as it takes to have a node store peers."""
import hashlib
import socket
import time


def await_node(port):
    """Waits until the node answers a ping."""
    end = time.monotonic() + 30
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.connect(("127.0.0.1", port))
            s.settimeout(0.2)
            try:
                s.send(b"d1:ad2:id20:%se1:q4:ping2:roi1e1:t2:aa1:y1:qe" % hashlib.sha1(b"a look").digest())
                s.recv(2048)
                return
            except OSError:
                if time.monotonic() > end:
                    raise RuntimeError("the DHT node does not come up") from None
        time.sleep(0.1)


def store(port, hashes, peers):
    """Announces each of `peers` addresses of 127/8 as a peer of each of `hashes` swarms; fails if the node refuses one."""
    swarms = [hashlib.sha1(b"swarm %d" % number).digest() for number in range(hashes)]
    for number in range(peers):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.3.%d.%d" % (number // 250, 1 + number % 250), 0))
            s.connect(("127.0.0.1", port))
            s.settimeout(2)
            who = hashlib.sha1(b"peer %d" % number).digest()
            for swarm in swarms:
                answer = _ask(s, b"d1:ad2:id20:%s9:info_hash20:%se1:q9:get_peers2:roi1e1:t2:aa1:y1:qe" % (who, swarm))
                token = _text_after(answer, b"5:token")
                _ask(s, b"d1:ad2:id20:%s9:info_hash20:%s4:porti%de5:token%d:%se1:q13:announce_peer2:roi1e1:t2:aa1:y1:qe" % (
                    who, swarm, 1024 + number, len(token), token))


def _ask(s, question):
    for _ in range(3):
        s.send(question)
        try:
            answer = s.recv(2048)
            while b"1:t2:aa" not in answer:  # it looks at us, too
                answer = s.recv(2048)
        except TimeoutError:
            continue
        if b"1:y1:r" not in answer:
            raise RuntimeError("the DHT node refuses: %r" % answer[:200])
        return answer
    raise RuntimeError("the DHT node does not answer")


def _text_after(answer, key):
    """The string that follows a key of a bencoded dictionary."""
    begin = answer.index(key) + len(key)
    colon = answer.index(b":", begin)
    return answer[colon + 1:colon + 1 + int(answer[begin:colon])]
