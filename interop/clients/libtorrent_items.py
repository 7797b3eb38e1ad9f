#!/usr/bin/python3
"""A DHT node of libtorrent on 127.0.0.1 that stores or gets one item (BEP 44): libtorrent_items.py PORT NODE_PORT ORDER

ORDER is one of
    node                                    serve others, no more
    put TEXT                                prints "stored TARGET"
    get TARGET                              prints "item TEXT"
    put-key SECRET PUBLIC SALT TEXT         prints "stored PUBLIC"; the secret key is the expanded one, 64 bytes, both in hexadecimal digits
    get-key PUBLIC SALT                     prints "item TEXT seq N"
It begins with the node at that port of 127.0.0.1 (0: with nobody) and runs until it is killed.
"""
import sys

import libtorrent as lt

port, node, order = sys.argv[1:4]
words = sys.argv[4:]

session = lt.session({
    "listen_interfaces": "127.0.0.1:" + port,
    "outgoing_interfaces": "127.0.0.1",
    "enable_dht": True,
    "dht_bootstrap_nodes": "127.0.0.1:" + node if node != "0" else "",
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_prefer_verified_node_ids": False,
    "dht_ignore_dark_internet": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "alert_mask": lt.alert.category_t.all_categories,
})


def say(*what):
    print(*what, flush=True)


def begin():
    if order == "put":
        session.dht_put_immutable_item(words[0])
    elif order == "get":
        session.dht_get_immutable_item(lt.sha1_hash(bytes.fromhex(words[0])))
    elif order == "put-key":
        secret, public = (bytes.fromhex(key) for key in words[:2])
        session.dht_put_mutable_item(secret, public, words[3], words[2])
    elif order == "get-key":
        session.dht_get_mutable_item(bytes.fromhex(words[0]), words[1])


def text(item):
    return item["value"].decode()


say("node at", port)
begun = False
while True:
    session.wait_for_alert(500)
    for alert in session.pop_alerts():
        name = alert.what()
        if name == "dht_bootstrap" and not begun:
            begun = True
            begin()
        elif name == "dht_put" and alert.num_success > 0:
            say("stored", words[1] if order == "put-key" else alert.target)
        elif name == "dht_immutable_item" and alert.item:
            say("item", text(alert.item))
        elif name == "dht_mutable_item" and alert.item:
            say("item", text(alert.item), "seq", alert.item["seq"])
        elif name.startswith("dht_") and name not in ("dht_log", "dht_pkt"):
            say(name, alert.message())
