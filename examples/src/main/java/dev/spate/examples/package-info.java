/**
 * Small programs that embed the engine, the first pages for whoever wants to do so. Each is started with {@code main} and run by a
 * test on the loopback interface; the tour in {@code docs/library.md} quotes them.
 */
package dev.spate.examples;
