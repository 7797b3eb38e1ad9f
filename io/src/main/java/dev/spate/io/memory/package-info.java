/** Pooled off-heap buffers and the leases they are borrowed by. */
package dev.spate.io.memory;
