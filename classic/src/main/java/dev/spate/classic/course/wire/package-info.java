/** The course's messages as values, and the bytes they travel in, in every dialect that is spoken. Pure. */
package dev.spate.classic.course.wire;
