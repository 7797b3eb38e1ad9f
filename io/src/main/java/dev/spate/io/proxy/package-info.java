/** Connections and datagrams through a proxy: what is said to it, without sockets, and the thin shells that say it on a lane. */
package dev.spate.io.proxy;
