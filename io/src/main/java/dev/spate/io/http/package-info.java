/** HTTP GET with limits on size, time and redirects, through a proxy or not at all when one is set. */
package dev.spate.io.http;
