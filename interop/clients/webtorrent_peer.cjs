// One torrent in WebTorrent over TCP, on the loopback interface only: node webtorrent_peer.cjs TORRENT|MAGNET FOLDER PORT DHT_NODE_PORT
// NODE_PATH names the folder that has webtorrent. Seeds what is complete in FOLDER and gets the rest, until it is killed.
// It begins with the DHT node at that port of 127.0.0.1; 0 for no DHT.
const net = require('net')

// WebTorrent has no option for the address to listen at.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' ? listen.call(this, port, '127.0.0.1', ...rest) : listen.call(this, port, ...rest)
}

const WebTorrent = require('webtorrent')
const [torrentFile, folder, port, dhtNode] = process.argv.slice(2)
const client = new WebTorrent({
  torrentPort: Number(port),
  dhtPort: Number(port),
  dht: dhtNode === '0' ? false : { bootstrap: ['127.0.0.1:' + dhtNode], host: '127.0.0.1' },
  lsd: false,
  utp: false,
  utPex: false,
  natUpnp: false,
  natPmp: false,
  webSeeds: false
})
const complain = error => { console.error(error); process.exit(1) }
client.on('error', complain)
const torrent = client.add(torrentFile, { path: folder })
torrent.on('warning', warning => console.log('warning', warning.message))
torrent.on('ready', () => console.log('ready', torrent.infoHash))
torrent.on('wire', (wire, address) => console.log('wire', address))
torrent.on('done', () => console.log('done'))
