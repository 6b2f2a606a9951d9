/**
 * The one runnable jar. It starts every service in one process with an embedded PostgreSQL, or one
 * service of many; which of the two, no service can tell.
 *
 * <p>{@link io.assay.launcher.Assay} is the command line, {@link io.assay.launcher.Installation} a
 * running Assay, for the commands and for tests.
 */
@NullMarked
package io.assay.launcher;

import org.jspecify.annotations.NullMarked;
