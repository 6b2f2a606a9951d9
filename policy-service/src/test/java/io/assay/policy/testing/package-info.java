/**
 * What the tests of several slices share: the log in memory or on PostgreSQL, and who acts on it.
 */
@NullMarked
package io.assay.policy.testing;

import org.jspecify.annotations.NullMarked;
