/** What came of simulations as pages for people, without scripts and without anything from elsewhere, and as CSV. */
package dev.spate.sim.report;
