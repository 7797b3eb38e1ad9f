package dev.spate.core.announce;

/** By which kind of address a tracker is reached; it learns the one that others shall reach us by (BEP 7, BEP 15 "IPv6"). */
public enum Route {
    IPV4,
    IPV6,
    /** Whichever the way there takes; for requests that leave the choice to others, such as those through a proxy. */
    ANY
}
