/**
 * The network of the course CNT4007 ("P2P file sharing software similar to BitTorrent"), with real files and sockets: a peer process on a
 * lane, and whole networks of them.
 */
package dev.spate.classic.course;
