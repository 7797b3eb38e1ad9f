/** One swarm: all peers of one torrent, and every decision about them; the state machine that the shell and the simulator run. */
package dev.spate.core.swarm;
