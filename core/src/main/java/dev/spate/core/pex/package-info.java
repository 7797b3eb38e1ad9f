/** How peers tell each other of further peers (BEP 11). */
package dev.spate.core.pex;
