package io.heartbus.loadtest.series;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The latencies of a run as the interval log that the tools of HdrHistogram read: a line per tag
 * and tick, of microseconds, its maximum in milliseconds. One thread writes.
 */
public final class HistogramFile implements AutoCloseable {
  public static final String HEARTBEATS = "heartbeats";
  public static final String MESSAGES = "messages";
  public static final String CONNECTS = "connects";

  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double MICROS_PER_MILLI = 1e3;

  private final Path file;
  private final PrintStream out;
  private final HistogramLogWriter log;
  private Instant startedAt = Instant.EPOCH;

  private HistogramFile(Path file, PrintStream out) {
    this.file = file;
    this.out = out;
    this.log = new HistogramLogWriter(out);
  }

  /**
   * Begins the file, over what it held before.
   *
   * @throws IOException when it cannot be written
   */
  public static HistogramFile create(Path file) throws IOException {
    return new HistogramFile(
        file,
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(file.toFile())), false, UTF_8));
  }

  /** The run began: the times of all lines are from then on. Once, before any line. */
  public void begin(Instant at) {
    startedAt = at;
    log.outputComment("[Heartbus load test; values in microseconds, Interval_Max in milliseconds]");
    log.outputLogFormatVersion();
    log.outputStartTime(at.toEpochMilli());
    log.outputBaseTime(at.toEpochMilli());
    log.outputLegend();
  }

  /** Writes what the tick measured. */
  public void add(Tick tick) {
    add(HEARTBEATS, tick.beatMicros(), tick);
    add(MESSAGES, tick.messageMicros(), tick);
    add(CONNECTS, tick.connectMicros(), tick);
  }

  /** Writes a line that has its tag and its times. */
  void add(EncodableHistogram line) {
    log.outputIntervalHistogram(
        sinceStart(line.getStartTimeStamp()),
        sinceStart(line.getEndTimeStamp()),
        line,
        MICROS_PER_MILLI);
  }

  /**
   * Ends the file.
   *
   * @throws IOException when not all of it could be written
   */
  @Override
  public void close() throws IOException {
    out.close();
    if (out.checkError()) {
      throw new IOException("cannot write " + file);
    }
  }

  private void add(String tag, Histogram micros, Tick tick) {
    if (micros.getTotalCount() == 0) {
      return;
    }
    micros.setTag(tag);
    micros.setStartTimeStamp(startedAt.plusNanos(tick.fromNanos()).toEpochMilli());
    micros.setEndTimeStamp(startedAt.plusNanos(tick.toNanos()).toEpochMilli());
    add(micros);
  }

  private double sinceStart(long epochMillis) {
    return (epochMillis - startedAt.toEpochMilli()) / MILLIS_PER_SECOND;
  }
}
