/**
 * Fuzzing of what strangers and their files can bring into the course's rooms, with Jazzer; how it is done tells the package of the same name in
 * {@code wire}.
 */
package dev.spate.classic.course.fuzz;
