package dev.spate.engine;

/** When the alternative limits of a session are in force instead of the ordinary ones. */
public enum AlternativeUse {
    /** Whenever their weekly schedule says so. */
    BY_SCHEDULE,
    /** Until further notice, whatever the schedule says. */
    ALWAYS,
    /** Not until further notice, whatever the schedule says. */
    NEVER
}
