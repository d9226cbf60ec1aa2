/** Conversations: channels, credit, bounded queues, consumers and routes. */
@NullMarked
package io.heartbus.server.channel;

import org.jspecify.annotations.NullMarked;
