/** Where the other services are, which of their instances answer, and which of them to ask. */
@NullMarked
package io.assay.platform.upstream;

import org.jspecify.annotations.NullMarked;
