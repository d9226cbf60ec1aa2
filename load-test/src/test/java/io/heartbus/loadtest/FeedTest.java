package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The reader of the feed against a server over real HTTP. */
@Timeout(60)
class FeedTest {
  private static final int NODES = 50;

  private final PresenceBook book = new PresenceBook("n-", NODES);

  @Test
  void everyEventFromNowOnIsEntered() throws Exception {
    try (FakePresence server = new FakePresence()) {
      server.happened("online", "n-0", 1, null);
      try (Feed _ = Feed.open(server.address(), book)) {
        online(server, 1, NODES);
        await(() -> feed().events() == NODES - 1);
      }

      assertThat(feed()).isEqualTo(clean(NODES - 1, 0));
      assertThat(server.positions).containsExactly("");
    }
  }

  @Test
  void eventsAreStampedWhenTheyArrive() throws Exception {
    try (FakePresence server = new FakePresence();
        Feed _ = Feed.open(server.address(), book)) {
      long beginNanos = System.nanoTime();
      book.entered(1, beginNanos, 100, 300);
      server.happened("online", "n-1", 1, null);
      book.killed(1, Fault.CLOSE, beginNanos, beginNanos);
      server.happened("offline", "n-1", 1, "DISCONNECTED");
      await(() -> figures().faults().getFirst().detected() == 1);
      double sinceMs = (System.nanoTime() - beginNanos) / 1e6;

      // The histogram rounds up, to a thousandth.
      assertThat(figures().faults().getFirst().detection().maxMs())
          .isBetween(0.0, sinceMs * 1.001 + 0.001);
    }
  }

  @Test
  void aFeedThatIsCutGoesOnWhereItWas() throws Exception {
    try (FakePresence server = new FakePresence();
        Feed feed = Feed.open(server.address(), book)) {
      online(server, 0, 10);
      await(() -> feed().events() == 10);
      feed.cut();
      online(server, 10, 20);
      await(() -> feed().events() == 20);
      await(() -> feed().resumed() == 1);

      assertThat(feed()).isEqualTo(clean(20, 1));
      assertThat(server.positions).containsExactly("", "10");
    }
  }

  @Test
  void aServerThatSendsAgainOrForgetsWhenAFeedIsResumedIsCaught() throws Exception {
    try (FakePresence server = new FakePresence().resending(3);
        Feed feed = Feed.open(server.address(), book)) {
      online(server, 0, 10);
      await(() -> feed().events() == 10);
      feed.cut();
      await(() -> feed().events() == 13);
      assertThat(feed().duplicated()).isEqualTo(3);

      server.resending(-2);
      feed.cut();
      await(() -> server.positions.size() == 3);
      online(server, 10, 20);
      await(() -> feed().events() == 13 + 8);
      assertThat(feed().missing()).isEqualTo(2);
      assertThat(feed().resumed()).isEqualTo(2);
    }
  }

  @Test
  void aGapAndAnotherLogAreEntered() throws Exception {
    try (FakePresence server = new FakePresence();
        Feed feed = Feed.open(server.address(), book)) {
      online(server, 0, 5);
      server.gap(6, 9);
      await(() -> feed().gaps() == 1);
      assertThat(feed().gapEvents()).isEqualTo(4);

      server.epoch("e2");
      feed.cut();
      await(() -> feed().otherLogs() == 1);
      assertThat(feed().missing()).isZero();
    }
  }

  @Test
  void linesThatSayNothingAreSkipped() throws Exception {
    try (FakePresence server = new FakePresence();
        Feed _ = Feed.open(server.address(), book)) {
      server.write(1, ": a comment\nsurprise: field\n\n\n\nid: 0\n\n");
      online(server, 0, 1);
      await(() -> feed().events() == 1);

      assertThat(feed()).isEqualTo(clean(1, 0));
    }
  }

  @Test
  void aServerWithoutAFeedIsOneClearSentence() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    http.start();
    try {
      assertThatThrownBy(() -> Feed.open(http.getAddress(), book))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(
              "cannot follow http://127.0.0.1:", "/api/v1/events: it answers 404");
    } finally {
      http.stop(0);
    }
    assertThatThrownBy(() -> Feed.open(http.getAddress(), book))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot follow");
  }

  private static void online(FakePresence server, int from, int to) {
    for (int node = from; node < to; node++) {
      server.happened("online", "n-" + node, 1, null);
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static DetectionFigures.Feed clean(long events, long resumed) {
    return new DetectionFigures.Feed(events, 0, 0, 0, 0, 0, 0, 0, resumed, 0, 0, 0);
  }

  private DetectionFigures figures() {
    return book.figures(System.nanoTime(), true);
  }

  private DetectionFigures.Feed feed() {
    return figures().feed();
  }
}
