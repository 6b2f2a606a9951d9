/** Examples of every event, and a second opinion on their bytes, for the tests of any module. */
@NullMarked
package io.assay.contracts.testing;

import org.jspecify.annotations.NullMarked;
