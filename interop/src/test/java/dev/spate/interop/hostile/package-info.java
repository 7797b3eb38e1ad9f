/** Peers that break every rule, and what they may not achieve. */
package dev.spate.interop.hostile;
