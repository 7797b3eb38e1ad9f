/** A whole swarm on the loopback interface: data, tracker, seed, leeches and a hostile peer. */
package dev.spate.cli.demo;
