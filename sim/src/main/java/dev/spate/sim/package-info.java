/** The real core around a virtual clock, network and disk: a test bench for decisions, in which a seed replays exactly. */
package dev.spate.sim;
