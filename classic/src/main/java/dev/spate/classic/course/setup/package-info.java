/** The course's two configuration files as values. Pure: text comes in, a value or a list of problems comes out. */
package dev.spate.classic.course.setup;
