/** When to announce to which tracker (BEPs 3, 12, 31), and how to talk to one over datagrams (BEP 15). */
package dev.spate.core.announce;
