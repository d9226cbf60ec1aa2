/**
 * A run second by second: what is sampled, how it is kept within bounds, and the files that hold
 * it. Pure, but for the file. Knows nothing of fleets and scenarios.
 */
@NullMarked
package io.heartbus.loadtest.series;

import org.jspecify.annotations.NullMarked;
