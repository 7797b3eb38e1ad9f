/** A blocking conversation with one peer, for commands that look at a single connection. */
package dev.spate.cli.talk;
