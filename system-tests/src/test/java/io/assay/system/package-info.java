/**
 * Assay from outside: over HTTP through the gateway, as the people who use it see it. One
 * installation serves all tests of a JVM; a test that stops or kills one starts its own.
 *
 * <p>{@code ArchitectureTest} holds the rules between modules, because only here all are in sight.
 */
@NullMarked
package io.assay.system;

import org.jspecify.annotations.NullMarked;
