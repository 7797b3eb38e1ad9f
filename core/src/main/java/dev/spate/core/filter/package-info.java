/** Which addresses the user wants nothing to do with: lists of ranges, read from the formats of the field and asked in nanoseconds. */
package dev.spate.core.filter;
