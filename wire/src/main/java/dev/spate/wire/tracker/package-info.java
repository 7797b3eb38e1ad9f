/** What clients and trackers say to each other over HTTP (BEPs 3, 7, 23, 24, 31, 48) and UDP (BEPs 15, 41). */
package dev.spate.wire.tracker;
