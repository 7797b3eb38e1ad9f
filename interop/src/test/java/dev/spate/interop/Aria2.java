package dev.spate.interop;

/** aria2c. */
record Aria2() implements RealClient {

    @Override
    public ProcessBuilder command(Place place) {
        return new ProcessBuilder(
                "aria2c",
                "--no-conf=true",
                "--dir=" + place.folder(),
                "--listen-port=" + place.port(),
                "--interface=127.0.0.1",
                "--disable-ipv6=true",
                "--enable-dht=" + (place.dhtNode() != 0),
                "--dht-entry-point=127.0.0.1:" + Math.max(1, place.dhtNode()),
                "--dht-listen-port=" + place.port(),
                "--dht-file-path=" + place.home().resolve("dht.dat"),
                "--enable-dht6=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=false",
                "--check-integrity=true",
                "--seed-ratio=0",
                "--file-allocation=none",
                "--allow-overwrite=true",
                "--summary-interval=0",
                "--console-log-level=notice",
                "--log=" + place.home().resolve("aria2.log"),
                "--log-level=info",
                place.source());
    }

    @Override
    public boolean dialsLoopback() {
        return true;
    }

    @Override
    public String toString() {
        return "aria2";
    }
}
