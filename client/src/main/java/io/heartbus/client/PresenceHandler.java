package io.heartbus.client;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what happens to nodes. All methods of one watch are called on one virtual thread, one after
 * the other, in the order of the server's log. A handler may block: meanwhile nothing is read, and
 * the server keeps what happens until its log has no room for it, which is then told as a gap.
 *
 * <p>An exception of a handler ends its watch, and the event that it did not handle stays in front
 * of {@link Watch#position}: nothing is passed over by accident.
 */
@FunctionalInterface
public interface PresenceHandler {
  /** An event, each one once. It counts as handled when this returns. */
  void event(PresenceEvent event) throws InterruptedException;

  /**
   * Events are missing, wanted or not: the server does not have them any more. How the nodes stand
   * now, its HTTP interface tells. A warning in the log by default.
   *
   * @param from the number of the first one
   * @param to the number of the last one
   */
  default void gap(long from, long to) throws InterruptedException {
    logger().warn("presence events {} to {} are missing", from, to);
  }

  /**
   * The server has another log, of which it tells what happened since it was started; those of the
   * log before that were not told by now are lost. A warning in the log by default.
   *
   * @param before how far the log before was told
   */
  default void restarted(WatchPosition before) throws InterruptedException {
    logger().warn("the server has begun another presence log; events behind {} are lost", before);
  }

  /**
   * Nothing more will be told. By default a warning in the log if somebody should know.
   *
   * @param cause what ended the watch: the server refused to go on, the client gave up, or this
   *     handler threw it; null when the watch or its client was closed
   */
  default void ended(@Nullable Exception cause) {
    if (cause != null) {
      logger().warn("a presence watch ended", cause);
    }
  }

  private static Logger logger() {
    return LoggerFactory.getLogger(PresenceHandler.class);
  }
}
