/** What a program may replace of the engine's ways to remember. */
package dev.spate.engine.store;
