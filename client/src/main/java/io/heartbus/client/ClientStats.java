package io.heartbus.client;

import java.time.Duration;
import java.util.Optional;

/**
 * What one client has done since it was made: a snapshot whose numbers were read one after the
 * other.
 *
 * @param sessions registrations granted
 * @param failedAttempts attempts to connect or register that failed
 * @param heartbeatsAnswered fewer than sent when the server answers only some
 * @param messagesSent handed to the connection
 * @param messagesReceived come in whole, taken or not
 * @param framesSkipped of unknown type or for channels that are over
 * @param eventsDropped because the listener was too slow
 * @param openChannels on the present connection, the default one included
 * @param lastRoundTrip the latest measurement, empty before the first
 * @param smoothedRoundTrip in which each new measurement counts an eighth
 */
public record ClientStats(
    ClientState state,
    long sessions,
    long failedAttempts,
    long framesSent,
    long framesReceived,
    long bytesSent,
    long bytesReceived,
    long heartbeatsSent,
    long heartbeatsAnswered,
    long messagesSent,
    long messagesReceived,
    long framesSkipped,
    long eventsDropped,
    int openChannels,
    Optional<Duration> lastRoundTrip,
    Optional<Duration> smoothedRoundTrip) {

  static ClientStats of(Counters counters, ClientState state, int openChannels) {
    return new ClientStats(
        state,
        counters.connects.sum(),
        counters.failedAttempts.sum(),
        counters.framesSent.sum(),
        counters.framesReceived.sum(),
        counters.bytesSent.sum(),
        counters.bytesReceived.sum(),
        counters.heartbeatsSent.sum(),
        counters.heartbeatsAnswered.sum(),
        counters.messagesSent.sum(),
        counters.messagesReceived.sum(),
        counters.framesSkipped.sum(),
        counters.eventsDropped.sum(),
        openChannels,
        measured(counters.lastRoundTripNanos.get()),
        measured(counters.smoothedRoundTripNanos.get()));
  }

  private static Optional<Duration> measured(long nanos) {
    return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }
}
