/** Positioned file access through a bounded number of open files, and files that are replaced as a whole. */
package dev.spate.io.file;
