/** What a download keeps when its process is killed, its files are damaged, or its disk is full. */
package dev.spate.interop.crash;
