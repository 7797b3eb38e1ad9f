/** Fuzzing of every decoder of this module, in the way of {@code dev.spate.fuzzing}, whose page tells how. */
package dev.spate.classic.fuzz;
