/** The HTTP interface: thin controllers of the generated interfaces, and the words of the wire. */
@NullMarked
package io.assay.policy.edge;

import org.jspecify.annotations.NullMarked;
