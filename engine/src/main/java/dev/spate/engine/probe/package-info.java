/** Looks at the peers of a swarm, all at once: how far each of them comes with us, and the first that would give everything. */
package dev.spate.engine.probe;
