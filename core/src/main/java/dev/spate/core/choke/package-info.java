/** Who may request from us: BEP 3's choking algorithm and its seeding variants, as pure functions of values. */
package dev.spate.core.choke;
