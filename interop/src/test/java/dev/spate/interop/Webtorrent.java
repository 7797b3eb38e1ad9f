package dev.spate.interop;

/** WebTorrent on Node.js, over TCP. */
record Webtorrent() implements RealClient {

    @Override
    public ProcessBuilder command(Place place) {
        var command = new ProcessBuilder(
                "node",
                RealClient.module().resolve("clients/webtorrent_peer.cjs").toString(),
                place.source(),
                place.folder().toString(),
                Integer.toString(place.port()),
                Integer.toString(place.dhtNode()));
        command.environment()
                .put(
                        "NODE_PATH",
                        RealClient.module().resolve("target/node/node_modules").toString());
        return command;
    }

    @Override
    public boolean dialsLoopback() {
        return true;
    }

    @Override
    public boolean makesEmptyFiles() {
        return false;
    }

    @Override
    public String toString() {
        return "webtorrent";
    }
}
