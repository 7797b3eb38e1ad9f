/** Measurements of rooms by JMH, and of the whole against real clients. */
package dev.spate.bench;
