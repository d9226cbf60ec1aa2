package io.heartbus.loadtest;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How often each reason was given. Reasons may hold text of the server, so their number is bounded.
 * Not thread-safe.
 */
final class Tally {
  /** Distinct reasons; the rest are counted together. */
  static final int REASONS_MAX = 20;

  static final String OTHERS = "other reasons";

  private final Map<String, Long> counts = new LinkedHashMap<>();

  void add(String reason) {
    boolean known = counts.containsKey(reason) || counts.size() < REASONS_MAX;
    counts.merge(known ? reason : OTHERS, 1L, Long::sum);
  }

  /** A copy, the most frequent first. */
  Map<String, Long> counts() {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, Long::sum, LinkedHashMap::new));
  }
}
