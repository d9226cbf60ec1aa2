package io.heartbus.server.channel;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.presence.EventJson;
import io.heartbus.server.presence.Follower;
import io.heartbus.server.presence.Follower.Missing;
import io.heartbus.server.presence.Follower.Portion;
import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceEvent;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The route {@code presence}: tells a node what happens to nodes, from where it asks to begin. Each
 * watcher has a thread that blocks when the watcher gives no credit; nothing waits for it in memory
 * but a few events, the rest is in the log, and when that has moved on, it is told the gap.
 */
final class PresenceFeed implements ChannelHandler {
  private static final int PORTION_EVENTS = 32;

  /** How soon it notices that its channel is over, or that another log has begun. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How many events that it does not want may pass before a watcher is told where it is. */
  private static final long UNTOLD_MAX = 1000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PresenceLog log;

  PresenceFeed(PresenceLog log) {
    this.log = log;
  }

  /**
   * Tells the watcher where it is: before the first event, wherever some are missing, when the log
   * has another name, and now and then.
   */
  @JsonPropertyOrder({"epoch", "after", "gap"})
  private record Place(String epoch, long after, @Nullable Missing gap) {}

  @Override
  public void handle(ServerChannel channel) throws InterruptedException, IOException {
    if (!channel.receives()) {
      channel.reset(ErrorCode.REFUSED, "a watcher gives credit");
      return;
    }
    byte[] asked = channel.receive();
    if (asked == null) {
      // It has changed its mind.
      return;
    }
    PresenceRequest request;
    try {
      request = PresenceRequest.parse(asked);
    } catch (IllegalArgumentException refused) {
      channel.reset(ErrorCode.REFUSED, String.valueOf(refused.getMessage()));
      return;
    }
    follow(channel, new Follower(log, request.filter(), start(request)));
  }

  private LogPosition start(PresenceRequest request) {
    Long after = request.after();
    if (after == null) {
      return new LogPosition(log.epoch(), log.last());
    }
    return new LogPosition(request.epoch() == null ? log.epoch() : request.epoch(), after);
  }

  private void follow(ServerChannel channel, Follower follower)
      throws InterruptedException, IOException {
    LogPosition told = new LogPosition("", 0);
    while (!speaksAgain(channel)) {
      Portion portion = follower.next(PORTION_EVENTS);
      LogPosition from = portion.from();
      if (portion.missing() != null || isWorthTelling(told, from)) {
        Place place = new Place(from.epoch(), from.seq(), portion.missing());
        channel.reply(JSON.writeValueAsBytes(place));
        told = from;
      }
      for (PresenceEvent event : portion.events()) {
        channel.reply(EventJson.encode(event));
        told = new LogPosition(from.epoch(), event.seq());
      }
      channel.flushSoon();
      if (portion.isEmpty()) {
        follower.await(LOOK_NANOS);
      }
    }
    channel.reset(ErrorCode.REFUSED, "a watcher asks once");
  }

  /** Whether a watcher who comes back from there would begin too far behind, or in another log. */
  private static boolean isWorthTelling(LogPosition told, LogPosition position) {
    return !told.epoch().equals(position.epoch()) || position.seq() - told.seq() >= UNTOLD_MAX;
  }

  /**
   * Whether there is a second message. That the watcher ends its side says nothing: it has asked.
   *
   * @throws ChannelClosedException when the channel is over
   */
  private static boolean speaksAgain(ServerChannel channel)
      throws InterruptedException, IOException {
    return channel.receive(Duration.ZERO) != null;
  }
}
