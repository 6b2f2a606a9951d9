/**
 * What the commands do that need nothing but the public interface: they speak HTTP to the gateway,
 * as anyone could.
 */
@NullMarked
package io.assay.cli;

import org.jspecify.annotations.NullMarked;
