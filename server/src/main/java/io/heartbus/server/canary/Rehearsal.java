package io.heartbus.server.canary;

import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.OwnNodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Visits of the server's own, made once when it starts: they register, beat, and end in each of the
 * ways in which nodes do. HotSpot compiles what it has seen happen and lays an uncommon trap where
 * it has seen nothing, and a node that waits for its next beat waits in compiled code. If no
 * connection was reset before that was compiled, then in the first storm of resets every node falls
 * into the trap by itself and goes on interpreted (RESULTS has what that costs).
 *
 * <p>Blocks, on the thread that calls it; to interrupt that thread ends it.
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  /** Code is interpreted 200 times before anything is noted of it. */
  static final int VISITS = 400;

  /** An id does not come back before the server has seen that it left. */
  private static final int IDS = 16;

  /** For a server so busy that it hardly answers; usually it is over in less than half a second. */
  private static final long NANOS_MAX = 10_000_000_000L;

  private static final int BEATS = 2;
  private static final Frame.Pace PACE = new Frame.Pace(60_000, 180_000);

  private enum Farewell {
    UNREGISTER,
    CLOSE,
    RESET
  }

  private static final Farewell[] FAREWELLS = Farewell.values();

  private Rehearsal() {}

  /**
   * Makes so many visits, one after the other; fewer if one fails or they take too long, which does
   * no harm.
   *
   * @param listening where the server does
   * @return how many
   */
  static int run(OwnNodes own, InetSocketAddress listening, int visits) {
    long startNanos = System.nanoTime();
    int made = 0;
    try {
      while (made < visits && System.nanoTime() - startNanos < NANOS_MAX) {
        try (CanaryConnection connection = CanaryConnection.open(own, listening)) {
          visit(connection, "$rehearsal-" + made % IDS, FAREWELLS[made % FAREWELLS.length]);
        }
        made++;
      }
    } catch (IOException failed) {
      LOG.debug("a visit failed, and the rehearsal is over", failed);
    }
    LOG.debug("{} visits in {} ms", made, (System.nanoTime() - startNanos) / 1_000_000);
    return made;
  }

  private static void visit(CanaryConnection connection, String id, Farewell farewell)
      throws IOException {
    Frame.Registered _ = connection.register(id, PACE);
    for (int beat = 0; beat < BEATS; beat++) {
      connection.send(Frame.HeartbeatRequest.PLAIN);
      connection.awaitAnswer();
    }
    switch (farewell) {
      case UNREGISTER -> {
        connection.send(new Frame.Unregister(0));
        connection.awaitEnd();
      }
      case RESET -> connection.resetWhenClosed();
      case CLOSE -> {
        // Which is what the caller does.
      }
    }
  }
}
