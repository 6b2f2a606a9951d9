@NullMarked
package io.assay.platform.messaging;

import org.jspecify.annotations.NullMarked;
