/** The commands of {@code spate}, what they print, and how they end. */
package dev.spate.cli;
