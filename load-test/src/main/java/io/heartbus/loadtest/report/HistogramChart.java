package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How often each latency came, both on logarithmic scales, with the percentiles marked. Immutable.
 */
final class HistogramChart {
  /** So that one is more than nothing, on a scale that has no zero. */
  private static final double COUNT_LOW = 0.5;

  /** Under it, from zero. */
  private static final double SHORTEST_MS = 1e-3;

  private static final int LABEL_HEIGHT = 14;

  private static final String GAP = "\u2002";

  /** From here on labels stand left of their lines. */
  private static final double LEFT_FROM_SHARE = 0.6;

  private final String title;
  private final List<Bucket> buckets = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final Axis latencies;
  private final Axis counts;

  /** So many latencies were between those. */
  private record Bucket(double fromMs, double toMs, double count) {}

  /** A latency with a name. */
  private record Mark(String name, double ms) {}

  /**
   * Reads one.
   *
   * @param bars of {@code fromMs}, {@code toMs} and {@code count}
   * @param summary what holds {@code p50Ms} and so on
   */
  HistogramChart(String title, JsonNode bars, JsonNode summary) {
    this.title = title;
    for (JsonNode bar : bars) {
      double from = Math.max(SHORTEST_MS, Facts.number(bar, "fromMs"));
      double to = Facts.number(bar, "toMs");
      double count = Facts.number(bar, "count");
      if (to > from && count > 0) {
        buckets.add(new Bucket(from, to, count));
      }
    }
    mark("p50", Facts.number(summary, "p50Ms"));
    mark("p99", Facts.number(summary, "p99Ms"));
    mark("p99.9", Facts.number(summary, "p999Ms"));
    mark("max", Facts.number(summary, "maxMs"));
    double most = buckets.stream().mapToDouble(Bucket::count).max().orElse(1);
    this.counts = Axis.logarithmic(COUNT_LOW, most);
    this.latencies =
        Axis.logarithmic(
            buckets.stream().mapToDouble(Bucket::fromMs).min().orElse(1),
            Math.max(
                buckets.stream().mapToDouble(Bucket::toMs).max().orElse(1),
                marks.stream().mapToDouble(Mark::ms).max().orElse(0)));
  }

  /** Whether there is nothing to draw. */
  boolean isEmpty() {
    return buckets.isEmpty();
  }

  /** Writes it as a figure; {@code id} is its own in the document. */
  void write(Markup out, String id) {
    out.open("figure", "class", "chart");
    out.open("figcaption").element("h3", title).element("small", "how many, by latency in ms");
    out.close();
    Plot plot = new Plot(out, marks.size() * LABEL_HEIGHT + 4);
    plot.open(id, title + ", how many by latency", description());
    plot.across(new Axis(counts.low(), counts.high(), true, wholeTicks()));
    latencies.ticks().forEach(tick -> plot.along(latencies.share(tick), Numbers.brief(tick)));
    plot.openGround();
    for (Bucket bucket : buckets) {
      writeBar(out, bucket);
    }
    out.close();
    writeMarks(plot);
    out.close().close();
  }

  /** Labels step down towards the side that they reach to, so that no line goes through one. */
  private void writeMarks(Plot plot) {
    List<Mark> rightward = marks.stream().filter(mark -> !isLeftOfLine(mark)).toList();
    List<Mark> leftward = marks.stream().filter(this::isLeftOfLine).toList();
    List<Mark> rows = new ArrayList<>(rightward);
    rows.addAll(leftward.reversed());
    for (int row = 0; row < rows.size(); row++) {
      double share = latencies.share(rows.get(row).ms());
      plot.upright("quantile", share, row * LABEL_HEIGHT + 4, plot.bottom());
    }
    for (int row = 0; row < rows.size(); row++) {
      Mark mark = rows.get(row);
      boolean isLeft = isLeftOfLine(mark);
      String text = isLeft ? text(mark) + GAP : GAP + text(mark);
      String anchor = isLeft ? "end" : "start";
      double share = latencies.share(mark.ms());
      plot.text("quantile-name", share, row * LABEL_HEIGHT + 12, anchor, text);
    }
  }

  private boolean isLeftOfLine(Mark mark) {
    return latencies.share(mark.ms()) > LEFT_FROM_SHARE;
  }

  private void mark(String name, double ms) {
    if (!Double.isNaN(ms)) {
      marks.add(new Mark(name, ms));
    }
  }

  /** There is no half of a latency. */
  private List<Double> wholeTicks() {
    return counts.ticks().stream().filter(tick -> tick >= 1).toList();
  }

  private void writeBar(Markup out, Bucket bucket) {
    double left = latencies.share(bucket.fromMs()) * LinePath.WIDTH;
    double right = latencies.share(bucket.toMs()) * LinePath.WIDTH;
    double height = counts.share(bucket.count()) * LinePath.HEIGHT;
    out.open(
        "rect",
        "class",
        "bar",
        "x",
        LinePath.coordinate(left),
        "y",
        LinePath.coordinate(LinePath.HEIGHT - height),
        "width",
        LinePath.coordinate(right - left),
        "height",
        LinePath.coordinate(height));
    out.element(
        "title",
        "%s to %s ms: %s"
            .formatted(
                Numbers.plain(bucket.fromMs()),
                Numbers.plain(bucket.toMs()),
                Numbers.plain(bucket.count())));
    out.close();
  }

  private String description() {
    double all = buckets.stream().mapToDouble(Bucket::count).sum();
    List<String> texts = marks.stream().map(HistogramChart::text).toList();
    return Numbers.plain(all) + " measured; " + String.join(", ", texts);
  }

  private static String text(Mark mark) {
    return mark.name() + " " + Numbers.millis(mark.ms());
  }
}
