/** Lanes: threads that own sockets and timers and move bytes between sockets and handlers. */
package dev.spate.io.lane;
