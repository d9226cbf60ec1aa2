package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** One kind of work, the same for every server. Runs on the caller's thread, and blocks it. */
sealed interface Measurement permits Idle, Connects, OpenLoop, ClosedLoop, FanOut {
  /** The name to choose it by. */
  String name();

  /** What is done, in a line. */
  String title();

  /** Whether a server is able to do that. */
  default boolean suits(Peer peer) {
    return true;
  }

  /**
   * Measures a server that has nothing else to do.
   *
   * @throws IOException when the server, or the machine, does not do what it has to
   */
  Findings take(Target target) throws IOException;

  /**
   * How long to load before it counts, and how long while it does.
   *
   * @param warmUp as long as the server's JIT and caches need
   */
  record Timing(Duration warmUp, Duration length) {
    Window from(long nowNanos) {
      return Window.after(nowNanos, warmUp, length);
    }
  }

  /** A whole number for people. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
