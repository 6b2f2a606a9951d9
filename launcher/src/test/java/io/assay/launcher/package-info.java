/** What the launcher does on its own, without the services. */
@NullMarked
package io.assay.launcher;

import org.jspecify.annotations.NullMarked;
