/** Decisions: state machines without I/O, clock or threads. */
@org.jspecify.annotations.NullMarked
module dev.spate.core {
    requires transitive dev.spate.wire;
    requires static org.jspecify;

    exports dev.spate.core.announce;
    exports dev.spate.core.choke;
    exports dev.spate.core.filter;
    exports dev.spate.core.dht;
    exports dev.spate.core.lsd;
    exports dev.spate.core.metadata;
    exports dev.spate.core.peer;
    exports dev.spate.core.pex;
    exports dev.spate.core.picker;
    exports dev.spate.core.queue;
    exports dev.spate.core.rate;
    exports dev.spate.core.stream;
    exports dev.spate.core.swarm;
}
