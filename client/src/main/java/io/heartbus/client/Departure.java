package io.heartbus.client;

import org.jspecify.annotations.Nullable;

/**
 * A server's GOAWAY, in this machine's time.
 *
 * @param comeBackNanos before that moment it does not want to see this node again
 * @param drainedNanos at that moment it closes what is left
 * @param redirect where to go instead, or null
 * @param cause what a lost session is put down to
 */
record Departure(
    long comeBackNanos,
    long drainedNanos,
    @Nullable ServerAddress redirect,
    RejectedException cause) {}
