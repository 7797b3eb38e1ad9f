/**
 * Fuzzing of what strangers and their files can bring into the course's rooms, with Jazzer; how it is done tells the module
 * {@code fuzzing}.
 */
package dev.spate.classic.course.fuzz;
