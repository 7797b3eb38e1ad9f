/** Scenarios of the simulator as files that people write: TOML in and out. */
package dev.spate.cli.scenario;
