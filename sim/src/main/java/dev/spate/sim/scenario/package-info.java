/** Scenarios as data, those that have names, and what comes of a run. */
package dev.spate.sim.scenario;
