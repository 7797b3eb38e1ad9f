/** The log that the course asks of every peer: its lines as values, written exactly, read tolerantly, and checked against the rules. Pure. */
package dev.spate.classic.course.log;
