package io.heartbus.loadtest;

import io.heartbus.loadtest.scrape.Scraper;
import io.heartbus.loadtest.series.Column;
import io.heartbus.loadtest.series.HistogramFile;
import io.heartbus.loadtest.series.Histograms;
import io.heartbus.loadtest.series.Point;
import io.heartbus.loadtest.series.Series;
import io.heartbus.loadtest.series.Tick;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a run is like, second by second: takes the fleet's ticks, adds what this process uses and
 * what the server's metrics tell, and keeps, writes and shows that. Owns one platform thread,
 * because none of it may make a beat late. {@link #begin}, {@link #isDue}, {@link #add} and {@link
 * #end} belong to the fleet's thread; the results are there once it is closed.
 */
final class Timeline implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** How many seconds this may fall behind, before a tick is longer than one. */
  private static final int TICKS_MAX = 8;

  /** How long the last seconds may take to be dealt with. */
  private static final long PATIENCE_SECONDS = 5;

  private final BlockingQueue<Tick> ticks = new ArrayBlockingQueue<>(TICKS_MAX);
  private final Series series = new Series();
  private final Histograms histograms = Histograms.empty();
  private final Progress progress;
  private final @Nullable HistogramFile file;
  private final @Nullable Scraper scraper;
  private final Thread thread = Thread.ofPlatform().name("timeline").daemon().unstarted(this::work);

  /** These three belong to the fleet's thread until the other one is started. */
  private Instant startedAt = Instant.EPOCH;

  private @Nullable Vitals vitals;
  private long dueNanos = SECOND_NANOS;

  private volatile boolean ended;

  /**
   * The timeline of one run.
   *
   * @param file where all latencies go, or null
   * @param scraper of the server's metrics, or null
   */
  Timeline(Progress progress, @Nullable HistogramFile file, @Nullable Scraper scraper) {
    this.progress = progress;
    this.file = file;
    this.scraper = scraper;
  }

  /** Shows and writes nothing. */
  static Timeline unseen(Scenario scenario) {
    return new Timeline(Progress.unseen(scenario), null, null);
  }

  /** The run begins now, on this thread. */
  void begin() {
    startedAt = Instant.now();
    vitals = new Vitals(Thread.currentThread(), System.nanoTime());
    if (file != null) {
      file.begin(startedAt);
    }
    if (scraper != null) {
      scraper.begin();
    }
    thread.start();
  }

  /** Whether a second is over that can be dealt with. */
  boolean isDue(long nowNanos) {
    return nowNanos >= dueNanos && ticks.remainingCapacity() > 0;
  }

  /** A second is over. */
  void add(Tick tick) {
    boolean _ = ticks.offer(tick);
    dueNanos = (tick.toNanos() / SECOND_NANOS + 1) * SECOND_NANOS;
  }

  /** The run is over. */
  void end(Tick last) {
    ended = true;
    try {
      boolean _ = ticks.offer(last, PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Deals with what is left.
   *
   * @throws IOException when the file could not be written
   */
  @Override
  public void close() throws IOException {
    ended = true;
    if (scraper != null) {
      scraper.close();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    progress.close();
    if (file != null) {
      file.close();
    }
  }

  /** When the run began. */
  Instant startedAt() {
    return startedAt;
  }

  Series series() {
    return series;
  }

  Histograms histograms() {
    return histograms;
  }

  private void work() {
    try {
      while (!ended || !ticks.isEmpty()) {
        Tick tick = ticks.poll(1, TimeUnit.SECONDS);
        if (tick != null) {
          keep(tick);
        }
      }
    } catch (InterruptedException e) {
      // Nobody waits for the rest.
      Thread.currentThread().interrupt();
    }
    series.end();
  }

  private void keep(Tick tick) {
    Map<Column, Double> besides = vitals == null ? Map.of() : vitals.read(System.nanoTime());
    if (scraper != null) {
      besides.putAll(scraper.take());
    }
    Point point = Point.of(tick, besides);
    series.add(point);
    histograms.add(tick);
    progress.show(tick, point);
    if (file != null) {
      file.add(tick);
    }
  }
}
