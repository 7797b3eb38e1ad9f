/** Conversations with single peers, in which reading waits, and many of them at once: for looks at peers, not for transfers. */
package dev.spate.engine.talk;
