package io.heartbus.loadtest.series;

import java.io.IOException;
import java.nio.file.Path;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** All latencies of a run, in microseconds, by what took so long. Not thread-safe. */
public record Histograms(Histogram heartbeats, Histogram messages, Histogram connects) {
  private static final int SIGNIFICANT_DIGITS = 3;

  /** None yet. */
  public static Histograms empty() {
    return new Histograms(
        new Histogram(SIGNIFICANT_DIGITS),
        new Histogram(SIGNIFICANT_DIGITS),
        new Histogram(SIGNIFICANT_DIGITS));
  }

  /**
   * All that a file holds which {@link HistogramFile} wrote.
   *
   * @throws IOException when it is none, with one line that says so
   */
  public static Histograms read(Path file) throws IOException {
    Histograms all = empty();
    try (HistogramLogReader lines = new HistogramLogReader(file.toFile())) {
      for (EncodableHistogram line = lines.nextIntervalHistogram();
          line != null;
          line = lines.nextIntervalHistogram()) {
        if (line instanceof Histogram micros && micros.getTag() != null) {
          all.add(micros.getTag(), micros);
        }
      }
      return all;
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      // The library has no exception of its own for what is no such line.
      throw new IOException(file + " is no histogram log: " + e.getMessage(), e);
    }
  }

  /** Counts what the tick measured. */
  public void add(Tick tick) {
    heartbeats.add(tick.beatMicros());
    messages.add(tick.messageMicros());
    connects.add(tick.connectMicros());
  }

  /** Counts all of those, too. */
  public void add(Histograms others) {
    heartbeats.add(others.heartbeats);
    messages.add(others.messages);
    connects.add(others.connects);
  }

  /** The same for a chart. */
  public Distributions distributions() {
    return new Distributions(Bucket.of(heartbeats), Bucket.of(messages), Bucket.of(connects));
  }

  private void add(String tag, Histogram micros) {
    switch (tag) {
      case HistogramFile.HEARTBEATS -> heartbeats.add(micros);
      case HistogramFile.MESSAGES -> messages.add(micros);
      case HistogramFile.CONNECTS -> connects.add(micros);
      default -> throw new IllegalArgumentException("there is no tag " + tag);
    }
  }
}
