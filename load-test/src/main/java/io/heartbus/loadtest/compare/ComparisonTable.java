package io.heartbus.loadtest.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the samples of all rounds say, in Markdown: a row for each figure, a column for each server,
 * and how Heartbus relates to each of the others, round by round. Pure.
 */
final class ComparisonTable {
  private static final String OURS = Peer.HEARTBUS.text();
  private static final String DOUBTED = " *";
  private static final String NOTHING = "-";

  private final List<Sample> samples;
  private final Set<String> peers = new LinkedHashSet<>();
  private final Set<String> labels = new LinkedHashSet<>();

  private ComparisonTable(List<Sample> samples) {
    this.samples = samples;
    for (Peer peer : Peer.values()) {
      if (samples.stream().anyMatch(sample -> sample.peer().equals(peer.text()))) {
        peers.add(peer.text());
      }
    }
    samples.forEach(sample -> labels.addAll(sample.figures().keySet()));
  }

  /** The table and the notes below it. */
  static String of(List<Sample> samples) {
    return new ComparisonTable(samples).text();
  }

  private String text() {
    List<String> others = peers.stream().filter(peer -> !peer.equals(OURS)).toList();
    if (!peers.contains(OURS)) {
      others = List.of();
    }
    List<String> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(peers);
    head.addFirst("median (min-max)");
    others.forEach(other -> head.add(OURS + " / " + other));
    lines.add(row(head));
    lines.add("|---".repeat(head.size()) + "|");
    for (String label : labels) {
      List<String> cells = new ArrayList<>(List.of(label));
      peers.forEach(peer -> cells.add(cell(peer, label)));
      others.forEach(other -> cells.add(ratio(other, label)));
      lines.add(row(cells));
    }
    List<String> notes = notes();
    if (!notes.isEmpty()) {
      lines.add("");
      lines.addAll(notes);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private String cell(String peer, String label) {
    Map<Integer, Double> values = values(peer, label);
    if (values.isEmpty()) {
      return NOTHING;
    }
    boolean doubted =
        samples.stream()
            .anyMatch(sample ->
                sample.peer().equals(peer)
                    && sample.figures().containsKey(label)
                    && !sample.doubts().isEmpty());
    return Spread.of(List.copyOf(values.values())) + (doubted ? DOUBTED : "");
  }

  /** Of the two in the same round: what slows down the machine for a while slows down both. */
  private String ratio(String other, String label) {
    Map<Integer, Double> theirs = values(other, label);
    List<Double> ratios = new ArrayList<>();
    values(OURS, label)
        .forEach((round, ours) -> {
          double their = theirs.getOrDefault(round, 0.0);
          if (their != 0) {
            ratios.add(ours / their);
          }
        });
    return ratios.isEmpty() ? NOTHING : Spread.of(ratios).toString();
  }

  /** By round. */
  private Map<Integer, Double> values(String peer, String label) {
    Map<Integer, Double> values = new TreeMap<>();
    for (Sample sample : samples) {
      Double value = sample.figures().get(label);
      if (value != null && sample.peer().equals(peer)) {
        values.put(sample.round(), value);
      }
    }
    return values;
  }

  private List<String> notes() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Sample sample : samples) {
      String where = "%s, %s: ".formatted(sample.measurement(), sample.peer());
      sample.doubts().forEach(doubt -> counts.merge("* " + where + doubt, 1, Integer::sum));
      if (sample.failure() != null) {
        counts.merge("* " + where + "failed: " + sample.failure(), 1, Integer::sum);
      }
    }
    List<String> notes = new ArrayList<>();
    counts.forEach(
        (note, count) -> notes.add("%s (%d of %d rounds)".formatted(note, count, rounds())));
    return notes;
  }

  private long rounds() {
    return samples.stream().map(Sample::round).distinct().count();
  }
}
