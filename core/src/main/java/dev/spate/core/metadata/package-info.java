/** How a torrent's info dictionary is had from peers, and given to them (BEP 9). */
package dev.spate.core.metadata;
