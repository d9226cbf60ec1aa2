/** The server's own metrics, as they are told over HTTP. Knows nothing of fleets and scenarios. */
@NullMarked
package io.heartbus.loadtest.scrape;

import org.jspecify.annotations.NullMarked;
