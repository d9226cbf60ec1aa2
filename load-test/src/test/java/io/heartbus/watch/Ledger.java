package io.heartbus.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.client.PresenceEvent;
import io.heartbus.client.PresenceHandler;
import io.heartbus.client.WatchPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A consumer that writes down all it is told, whichever of its watches tells it. */
final class Ledger implements PresenceHandler {
  private static final long PATIENCE_SECONDS = 30;

  private final List<Long> numbers = new ArrayList<>();
  private final List<String> news = new ArrayList<>();

  @Override
  public synchronized void event(PresenceEvent event) {
    numbers.add(event.seq());
    news.add(event.type() + " " + event.node());
  }

  @Override
  public synchronized void gap(long from, long to) {
    news.add("gap " + from + " " + to);
  }

  @Override
  public synchronized void restarted(WatchPosition before) {
    news.add("restarted " + before.seq());
  }

  @Override
  public synchronized void ended(@Nullable Exception cause) {
    if (cause != null) {
      news.add("ended " + cause);
    }
  }

  synchronized int size() {
    return numbers.size();
  }

  synchronized List<String> news() {
    return List.copyOf(news);
  }

  /** What was told besides events. */
  synchronized List<String> troubles() {
    return news.stream().filter(line -> line.matches("(gap|restarted|ended) .*")).toList();
  }

  /** Every event up to that one was told, once and in order, and nothing else. */
  synchronized void isComplete(long last) {
    assertThat(troubles()).isEmpty();
    assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
  }

  static void await(String what, BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - startNanos)
          .as("never: %s", what)
          .isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
      LockSupport.parkNanos(1_000_000);
    }
  }
}
