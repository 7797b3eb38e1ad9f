/** How the command line writes and reads numbers, and writes JSON. */
package dev.spate.cli.text;
