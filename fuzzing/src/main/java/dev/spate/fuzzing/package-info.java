/**
 * Fuzzing of everything that a stranger, or a damaged file, can reach, with Jazzer.
 *
 * <p>A target is a class with a method {@code public static void fuzzerTestOneInput(byte[] input)} that throws when the input
 * did harm. It lies in its module, beside the tests of what it attacks, and is named in that module's {@code FuzzTest}; inputs worth
 * keeping lie in {@code src/test/resources/fuzz/}<i>simple name of the class</i>{@code /}, one a file, at least one.
 *
 * <p>Every build runs the targets over their kept inputs. With {@code JAZZER_FUZZ=1} in the environment each target is
 * fuzzed for a minute as well ({@code -Dfuzz.seconds=} for another time), beginning with the kept inputs, in a process with a
 * small heap, so that an input that takes too much memory is found too. {@code ./fuzz} at the repository's root does just
 * that. An input that did harm is left in {@code target/fuzz/}; once the fault is mended it belongs to the kept ones.
 *
 * <p>Jazzer's own JUnit extension is not used: at 0.30.0 it fails on JUnit 6.
 */
@NullMarked
package dev.spate.fuzzing;

import org.jspecify.annotations.NullMarked;
