package io.heartbus.loadtest.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one measurement of one server found: figures for the table, facts beside them, and what
 * there is to say against them. Not thread-safe.
 */
final class Findings {
  /** A thread of the generator that runs for this much of the time may be what was measured. */
  static final double BUSY_SHARE = 0.9;

  /** The same for a sender this late. */
  static final double LAG_MS = 5;

  /** Less than this of the rate asked for is another load than asked for. */
  static final double KEPT_SHARE = 0.98;

  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final Map<String, Double> facts = new LinkedHashMap<>();
  private final List<String> doubts = new ArrayList<>();

  Map<String, Double> figures() {
    return figures;
  }

  Map<String, Double> facts() {
    return facts;
  }

  List<String> doubts() {
    return doubts;
  }

  void figure(String label, double value) {
    figures.put(label, value);
  }

  void fact(String name, double value) {
    facts.put(name, value);
  }

  void count(String name, long count) {
    facts.put(name, (double) count);
  }

  /** What the window took; doubts it when the generator was at its limit. */
  void usage(Usage usage, Window window) {
    fact("windowSeconds", window.seconds());
    fact("serverCpuSeconds", usage.serverCpuSeconds());
    fact("generatorBusiestShare", usage.busiestShare());
    if (usage.busiestShare() >= BUSY_SHARE) {
      doubts.add("generator saturated");
    }
  }

  /** How an open loop went. */
  void pace(double lagP99Ms, double keptShare) {
    fact("generatorLagP99Ms", lagP99Ms);
    if (lagP99Ms >= LAG_MS) {
      doubts.add("generator late");
    }
    if (keptShare < KEPT_SHARE) {
      doubts.add("rate not kept");
    }
  }

  /** How many answers never came. */
  void lost(long count) {
    count("lost", count);
    if (count > 0) {
      doubts.add("answers missing");
    }
  }
}
