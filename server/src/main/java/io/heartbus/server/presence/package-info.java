/** What happened to nodes, in order: the presence log, and how it is read. */
@NullMarked
package io.heartbus.server.presence;

import org.jspecify.annotations.NullMarked;
