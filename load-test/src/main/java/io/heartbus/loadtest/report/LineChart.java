package io.heartbus.loadtest.report;

import io.heartbus.loadtest.report.Recording.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A chart of values over the time of the run. Lines differ in colour and in their dashes, and each
 * says its highest value; a script may say the one below the pointer there. Immutable.
 *
 * @param unit of the values, as it stands behind the title
 * @param isLogarithmic whether values are compared by their ratio
 */
record LineChart(String title, String unit, boolean isLogarithmic, List<Line> lines) {
  /** Room for the names of the phases. */
  private static final int TOP = 18;

  LineChart {
    lines = List.copyOf(lines);
  }

  /** One line and its name. */
  record Line(String name, Column column) {
    private static String values(List<Double> values) {
      return values.stream().map(Numbers::exact).collect(Collectors.joining(","));
    }
  }

  /** Writes it as a figure; {@code id} is its own in the document. */
  void write(Markup out, Recording recording, String id) {
    out.open("figure", "class", "chart");
    out.open("figcaption").element("h3", title).element("small", unit);
    out.element("span", "", "class", "at").close();
    writeKey(out);
    Plot plot = new Plot(out, TOP);
    plot.open(id, title + ", " + unit, description(recording));
    writePhases(out, plot, recording);
    Axis axis = axis();
    plot.across(axis);
    recording
        .axis()
        .ticks()
        .forEach(tick -> plot.along(recording.axis().share(tick), recording.axis().label(tick)));
    plot.openGround();
    List<Double> seconds = recording.seconds();
    for (int i = 0; i < lines.size(); i++) {
      Column column = lines.get(i).column();
      if (column.isRange()) {
        String band = LinePath.band(column, seconds, recording.axis(), axis);
        out.leaf("path", "class", "band band-" + (i + 1), "d", band);
      }
      String path = LinePath.line(column.mean(), seconds, recording.axis(), axis);
      out.leaf("path", "class", style(i), "d", path);
      String dots = LinePath.dots(column.mean(), seconds, recording.axis(), axis);
      if (!dots.isEmpty()) {
        out.leaf("path", "class", style(i) + " dot", "d", dots);
      }
    }
    out.close();
    plot.upright("now", 0, TOP, plot.bottom());
    out.close().close();
  }

  private Axis axis() {
    double max = lines.stream().mapToDouble(line -> known(line.column().max(), 0)).max().orElse(0);
    if (!isLogarithmic || !(max > 0)) {
      return Axis.linear(max);
    }
    double min =
        lines.stream().mapToDouble(line -> known(line.column().minPositive(), max)).min().orElse(1);
    return Axis.logarithmic(min, max);
  }

  private static double known(double value, double otherwise) {
    return Double.isNaN(value) ? otherwise : value;
  }

  private void writeKey(Markup out) {
    out.open("ul", "class", "key");
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      out.open("li").open("svg", "width", "24", "height", "8", "aria-hidden", "true");
      out.leaf("path", "class", style(i), "d", "M1,4H23").close();
      out.text(line.name() + " ");
      String[] attributes = {"data-high", Line.values(line.column().high())};
      if (line.column().isRange()) {
        attributes = Arrays.copyOf(attributes, 4);
        attributes[2] = "data-low";
        attributes[3] = Line.values(line.column().low());
      }
      out.element("b", "peak " + Numbers.plain(line.column().max()), attributes).close();
    }
    out.close();
  }

  private static void writePhases(Markup out, Plot plot, Recording recording) {
    TimeAxis axis = recording.axis();
    int number = 0;
    for (Phase phase : recording.phases()) {
      double from = axis.share(phase.fromSeconds());
      String width = Plot.percent(axis.share(phase.toSeconds()) - from);
      String height = Integer.toString(plot.bottom());
      String style = number++ % 2 == 0 ? "phase" : "phase even";
      out.leaf("rect", "class", style, "x", Plot.percent(from), "width", width, "height", height);
      if (from > 0) {
        plot.upright("border", from, TOP, plot.bottom());
      }
    }
    for (PhaseLabels.Label label : PhaseLabels.of(recording.phases(), axis)) {
      plot.text("phase-name", label.share(), 12, label.anchor(), label.name());
    }
  }

  private String description(Recording recording) {
    String shown =
        lines.stream()
            .map(line -> line.name() + " at most " + Numbers.plain(line.column().max()))
            .collect(Collectors.joining(", "));
    String phases = recording.phases().stream().map(Phase::text).collect(Collectors.joining(", "));
    return "%s; over %s%s%s%s"
        .formatted(
            shown,
            Numbers.seconds(recording.axis().endSeconds()),
            isLogarithmic ? ", on a logarithmic scale" : "",
            phases.isEmpty() ? "" : "; phases: ",
            phases);
  }

  private static String style(int number) {
    return "line line-" + (number + 1);
  }
}
