/** Threads for what a lane must not do itself: hashing, disk access, blocking chores. */
package dev.spate.io.work;
