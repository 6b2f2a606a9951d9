/** Clients against a server that says what it received. */
@NullMarked
package io.assay.client;

import org.jspecify.annotations.NullMarked;
