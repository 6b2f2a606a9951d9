/** The things that the tests of the registry speak of. */
@NullMarked
package io.assay.registry.testing;

import org.jspecify.annotations.NullMarked;
