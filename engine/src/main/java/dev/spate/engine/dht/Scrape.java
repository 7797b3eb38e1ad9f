package dev.spate.engine.dht;

/** Estimates of how many seeds and other peers a swarm has (BEP 33). */
public record Scrape(int seeds, int peers) {}
