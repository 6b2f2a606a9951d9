/** Given these events, when this command comes, then these events: rules tested in plain values. */
@NullMarked
package io.assay.platform.testing;

import org.jspecify.annotations.NullMarked;
