/** Whether a service lives, whether it can answer, and its figures. */
@NullMarked
package io.assay.platform.health;

import org.jspecify.annotations.NullMarked;
