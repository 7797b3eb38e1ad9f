/** What peers say to each other on one connection (BEPs 3, 6, 9, 10, 52, 54), as values and as bytes. */
package dev.spate.wire.peer;
