/** Where bytes meet decisions: carries a swarm's effects out on its lane, and feeds it what happens. */
package dev.spate.engine.shell;
