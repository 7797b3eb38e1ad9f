/** The piece picker: which block to ask of which peer next, and what became of each block and piece. */
package dev.spate.core.picker;
