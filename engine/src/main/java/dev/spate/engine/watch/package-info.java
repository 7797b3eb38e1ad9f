/** Counts what happens, and lets the JDK's flight recorder see it. */
package dev.spate.engine.watch;
