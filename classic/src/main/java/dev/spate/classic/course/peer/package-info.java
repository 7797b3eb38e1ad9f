/**
 * What a peer of the course's network decides, as a state machine without sockets, files, threads or a clock: inputs are method calls
 * that end in {@code long now} (monotonic nanoseconds), outputs are effects that are drained after the call.
 */
package dev.spate.classic.course.peer;
