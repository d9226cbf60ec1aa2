package io.heartbus.loadtest.report;

import io.heartbus.loadtest.report.Recording.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where the names of phases go so that none covers another, on the narrowest screen. Pure. */
final class PhaseLabels {
  /** A letter's part of the narrowest chart. */
  private static final double LETTER_SHARE = 0.024;

  private PhaseLabels() {}

  /**
   * A name and its place.
   *
   * @param share of the chart's width, from 0 to 1
   * @param anchor which end of the text is there, as SVG calls it
   */
  record Label(String name, double share, String anchor, double fromShare, double toShare) {
    private boolean touches(Label other) {
      return fromShare < other.toShare && other.fromShare < toShare;
    }
  }

  /** The labels that have room; the longest phases have the first choice. */
  static List<Label> of(List<Phase> phases, TimeAxis axis) {
    List<Label> labels = new ArrayList<>();
    phases.stream()
        .sorted(Comparator.comparingDouble(phase -> phase.fromSeconds() - phase.toSeconds()))
        .map(phase -> label(phase, axis))
        .filter(label -> labels.stream().noneMatch(label::touches))
        .forEach(labels::add);
    return labels;
  }

  private static Label label(Phase phase, TimeAxis axis) {
    double from = axis.share(phase.fromSeconds());
    double to = axis.share(phase.toSeconds());
    double width = phase.name().length() * LETTER_SHARE;
    double middle = (from + to) / 2;
    if (to - from >= width) {
      return new Label(phase.name(), middle, "middle", middle - width / 2, middle + width / 2);
    }
    return from + width <= 1
        ? new Label(phase.name(), from, "start", from, from + width)
        : new Label(phase.name(), to, "end", to - width, to);
  }
}
