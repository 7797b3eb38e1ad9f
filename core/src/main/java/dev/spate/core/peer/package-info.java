/** One connection to a peer, as a state machine: what it told us, what we told it, and what we want to tell it. */
package dev.spate.core.peer;
