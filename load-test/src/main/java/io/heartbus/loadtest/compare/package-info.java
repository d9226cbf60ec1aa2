/**
 * The comparison: the same work asked of Heartbus, of other servers and of a bare echo, by one
 * generator. A {@link io.heartbus.loadtest.compare.Conversation} is bytes, {@link
 * io.heartbus.loadtest.compare.Clients} waits, {@link io.heartbus.loadtest.compare.ComparisonTable}
 * judges. Knows nothing of the load test around it.
 */
@NullMarked
package io.heartbus.loadtest.compare;

import org.jspecify.annotations.NullMarked;
