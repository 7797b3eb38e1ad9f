/** Announces on the local network (BEP 14). */
package dev.spate.wire.lsd;
