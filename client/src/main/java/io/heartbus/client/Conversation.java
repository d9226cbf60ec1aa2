package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each frame of a registered connection means: one case per frame of SPEC §2. Belongs to the
 * reader thread; never waits.
 */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final Connection connection;
  private final ClientContext context;
  private final RoundTrips roundTrips;
  private final ChannelFrames channels;
  private final RetryRule rule;

  Conversation(
      Connection connection, ClientContext context, RoundTrips roundTrips, ChannelFrames channels) {
    this.connection = connection;
    this.context = context;
    this.roundTrips = roundTrips;
    this.channels = channels;
    this.rule = new RetryRule(context.options().reconnect(), context.random());
  }

  /**
   * Does what the frame asks for.
   *
   * @throws ProtocolException when the server broke SPEC
   * @throws IOException when the frame ends the connection
   */
  void heard(Frame frame) throws IOException {
    switch (frame) {
      case Frame.HeartbeatResponse(var echo, var retune) -> answered(echo, retune);
      case Frame.Ping(var opaque) -> connection.control(new Frame.Pong(opaque));
      case Frame.Pong(var opaque) -> roundTrips.pingAnswered(opaque, System.nanoTime());
      case Frame.Data data -> channels.data(data);
      case Frame.Credit credit -> channels.credit(credit);
      case Frame.ChannelOpen open -> channels.opened(open);
      case Frame.ChannelAccept accept -> channels.accept(accept);
      case Frame.ChannelClose close -> channels.close(close);
      case Frame.Fault fault -> complained(fault);
      case Frame.GoAway goAway -> sentAway(goAway);
      case Frame.Unregister(var reason) ->
          throw new ConnectionLostException("the session was ended, " + CodeNames.name(reason));
      case Frame.Ack _ -> {
        // Only for RELIABLE channels, which this client never offers.
      }
      case Frame.Registered _, Frame.Register _, Frame.HeartbeatRequest _ ->
          throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, frame.type() + " from a server");
    }
  }

  private void answered(Frame.@Nullable Stats echo, Frame.@Nullable Pace retune)
      throws ProtocolException {
    context.counters().heartbeatsAnswered.increment();
    if (echo != null) {
      roundTrips.beatAnswered(echo.seq(), System.nanoTime());
    }
    if (retune != null) {
      if (retune.intervalMs() == 0 || retune.timeoutMs() == 0) {
        throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "a heartbeat interval of 0");
      }
      connection.retune(retune);
    }
  }

  private void complained(Frame.Fault fault) throws RejectedException {
    switch (fault.scope()) {
      case CONNECTION -> throw RejectedException.of(fault);
      case CHANNEL -> channels.fault(fault);
      case ADVISORY -> advised(fault);
    }
  }

  private void advised(Frame.Fault fault) {
    String channel = fault.error() == ErrorCode.DROPPED ? channels.name(fault.channel()) : null;
    if (channel != null) {
      long count = count(fault.message());
      context.announcer().tell(to -> to.messagesDropped(channel, count));
    } else {
      LOG.debug("{} advises: {}", connection.server(), fault);
      context.announcer().tell(to -> to.advised(fault.error(), fault.message()));
    }
  }

  /** At least one, should the number ever be unreadable. */
  private static long count(String decimal) {
    try {
      return Math.max(1, Long.parseLong(decimal.strip()));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private void sentAway(Frame.GoAway goAway) {
    long nowNanos = System.nanoTime();
    Duration comeBackIn = rule.afterGoAway(goAway.retryAfterMs(), goAway.jitterMs());
    connection.departs(
        new Departure(
            nowNanos + comeBackIn.toNanos(),
            nowNanos + TimeUnit.MILLISECONDS.toNanos(goAway.drainMs()),
            redirect(goAway.redirect()),
            RejectedException.of(goAway)));
    context.announcer().tell(to -> to.serverLeaving(ErrorCode.of(goAway.code()), comeBackIn));
  }

  private static @Nullable ServerAddress redirect(String text) {
    try {
      return text.isEmpty() ? null : ServerAddress.parse(text);
    } catch (IllegalArgumentException e) {
      LOG.debug("GOAWAY with an unusable redirect: {}", e.getMessage());
      return null;
    }
  }
}
