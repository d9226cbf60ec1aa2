package io.heartbus.loadtest.series;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

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

  /**
   * Writes all lines of several such files into one, in the order of time.
   *
   * @throws IOException when one cannot be read, or the other one written
   */
  public static void join(List<Path> files, Path to, Instant startedAt) throws IOException {
    PriorityQueue<Lines> next = new PriorityQueue<>();
    try (HistogramFile joined = create(to)) {
      joined.begin(startedAt);
      for (Path file : files) {
        Lines lines = new Lines(new HistogramLogReader(file.toFile()));
        if (lines.advance()) {
          next.add(lines);
        }
      }
      for (Lines lines = next.poll(); lines != null; lines = next.poll()) {
        joined.add(lines.line());
        if (lines.advance()) {
          next.add(lines);
        }
      }
    } finally {
      next.forEach(Lines::close);
    }
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

  /** A file that is read line by line; the one whose line began first comes first. */
  private static final class Lines implements Comparable<Lines> {
    private final HistogramLogReader reader;
    private @Nullable EncodableHistogram line;

    Lines(HistogramLogReader reader) {
      this.reader = reader;
    }

    /** Moves on to the next line; false, and closed, when there is none. */
    boolean advance() {
      line = reader.nextIntervalHistogram();
      if (line == null) {
        reader.close();
      }
      return line != null;
    }

    EncodableHistogram line() {
      return Objects.requireNonNull(line, "not advanced");
    }

    void close() {
      reader.close();
    }

    @Override
    public int compareTo(Lines other) {
      return Long.compare(line().getStartTimeStamp(), other.line().getStartTimeStamp());
    }
  }
}
