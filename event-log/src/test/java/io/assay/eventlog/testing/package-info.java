/** PostgreSQL for tests: one embedded server a JVM, a fresh database a test class. */
@NullMarked
package io.assay.eventlog.testing;

import org.jspecify.annotations.NullMarked;
