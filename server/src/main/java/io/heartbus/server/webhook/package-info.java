/** Presence events, pushed to the addresses of the configuration. */
@NullMarked
package io.heartbus.server.webhook;

import org.jspecify.annotations.NullMarked;
