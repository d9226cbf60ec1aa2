/** The server as a whole: its configuration, its parts put together, its command. */
@NullMarked
package io.heartbus.server;

import org.jspecify.annotations.NullMarked;
