@NullMarked
package io.assay.platform.database;

import org.jspecify.annotations.NullMarked;
