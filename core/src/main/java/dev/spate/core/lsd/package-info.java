/** When to tell the neighbours of which swarm (BEP 14). */
package dev.spate.core.lsd;
