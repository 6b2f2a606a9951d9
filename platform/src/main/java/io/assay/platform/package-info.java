/** What every service stands on; nothing of the domain. */
@NullMarked
package io.assay.platform;

import org.jspecify.annotations.NullMarked;
