/** Sockets: accepting, reading, writing and ending connections. */
@NullMarked
package io.heartbus.server.connection;

import org.jspecify.annotations.NullMarked;
