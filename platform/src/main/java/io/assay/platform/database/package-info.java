/** How a service gets at its database, and what it demands of it before it starts. */
@NullMarked
package io.assay.platform.database;

import org.jspecify.annotations.NullMarked;
