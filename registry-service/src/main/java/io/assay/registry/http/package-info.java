/** The HTTP interface: requests become commands, cards become answers. */
@NullMarked
package io.assay.registry.http;

import org.jspecify.annotations.NullMarked;
