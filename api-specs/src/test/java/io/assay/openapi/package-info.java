/** Checks the OpenAPI descriptions for what every one of them promises. */
@NullMarked
package io.assay.openapi;

import org.jspecify.annotations.NullMarked;
