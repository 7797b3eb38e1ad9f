#!/usr/bin/python3
"""One torrent in libtorrent, on one address only: libtorrent_peer.py TORRENT|MAGNET FOLDER ADDRESS:PORT UPLOAD_LIMIT DHT_NODE [PEER_HOST:PORT ...]

Seeds what is complete in FOLDER and gets the rest, until it is killed. The limit is in bytes per second, 0 for none.
It begins with the DHT node at that address and port; - for no DHT.
"""
import sys
import time

import libtorrent as lt

torrent, folder, place, limit, dht_node = sys.argv[1:6]
peers = sys.argv[6:]
with_dht = dht_node != "-"


def address(text):
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


session = lt.session({
    "listen_interfaces": place,
    "outgoing_interfaces": address(place)[0],
    "enable_dht": with_dht,
    "dht_bootstrap_nodes": "",
    # The first announce comes before it has met anybody; the next one usually a quarter of an hour later.
    "dht_announce_interval": 5,
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_prefer_verified_node_ids": False,
    "dht_ignore_dark_internet": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "enable_incoming_utp": False,
    "allow_multiple_connections_per_ip": True,
    "min_reconnect_time": 1,
    "alert_mask": sum([
        lt.alert.category_t.error_notification,
        lt.alert.category_t.status_notification,
        lt.alert.category_t.tracker_notification,
        lt.alert.category_t.peer_notification,
        lt.alert.category_t.connect_notification,
    ]),
})
if torrent.startswith("magnet:"):
    params = lt.parse_magnet_uri(torrent)
else:
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(torrent)
params.save_path = folder
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
params.flags |= lt.torrent_flags.disable_pex | lt.torrent_flags.disable_lsd
if not with_dht:
    params.flags |= lt.torrent_flags.disable_dht
handle = session.add_torrent(params)
# The session's own limits leave out the loopback interface, a torrent's do not.
handle.set_upload_limit(int(limit))
for peer in peers:
    handle.connect_peer(address(peer))
if with_dht:
    session.add_dht_node(address(dht_node))

while True:
    session.wait_for_alert(1000)
    for alert in session.pop_alerts():
        print("%.3f %s: %s" % (time.monotonic(), alert.what(), alert.message()), flush=True)
