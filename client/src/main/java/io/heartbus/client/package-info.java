/**
 * The blocking client of the heartbeat bus: {@link io.heartbus.client.HeartbeatClient} registers a
 * node, beats for it in the background, carries its messages over channels, and comes back by
 * itself after a lost connection. Everything here that waits, waits on the caller's thread and may
 * be interrupted; loops run on virtual threads that the client owns.
 */
@NullMarked
package io.heartbus.client;

import org.jspecify.annotations.NullMarked;
