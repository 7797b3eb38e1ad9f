/** What a session counts. */
package dev.spate.engine.metrics;
