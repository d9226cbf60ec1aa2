package io.heartbus.loadtest.report;

import java.util.Locale;

/**
 * The frame of a chart: an SVG as wide as its place, in which shapes stretch and text does not.
 * Places along it are percentages, places across it pixels. Labels of the vertical axis lie outside
 * its left edge, in the room that the style sheet leaves. Owned by one thread.
 */
final class Plot {
  /** Where a label stands left of its mark, and not around it, so as to end inside. */
  private static final double END_SHARE = 0.96;

  private final Markup out;
  private final int top;

  /** Draws below {@code top} pixels. */
  Plot(Markup out, int top) {
    this.out = out;
    this.top = top;
  }

  /** Begins the SVG, with what it shows in words. */
  void open(String id, String title, String description) {
    out.open(
        "svg",
        "class",
        "plot",
        "role",
        "img",
        "width",
        "100%",
        "height",
        Integer.toString(bottom() + 20),
        "aria-labelledby",
        id + "-title " + id + "-text");
    out.element("title", title, "id", id + "-title");
    out.element("desc", description, "id", id + "-text");
  }

  /** The lines and labels of the vertical axis. */
  void across(Axis axis) {
    for (double tick : axis.ticks()) {
      double y = top + (1 - axis.share(tick)) * LinePath.HEIGHT;
      String at = LinePath.coordinate(y);
      out.leaf("line", "class", "grid", "x1", "0", "x2", "100%", "y1", at, "y2", at);
      out.element(
          "text",
          Numbers.brief(tick),
          "class",
          "tick",
          "x",
          "-6",
          "y",
          LinePath.coordinate(y + 4),
          "text-anchor",
          "end");
    }
  }

  /** A label of the horizontal axis, and the mark above it. */
  void along(double share, String label) {
    upright("mark", share, bottom(), bottom() + 4);
    String anchor = share > END_SHARE ? "end" : share == 0 ? "start" : "middle";
    text("tick", share, bottom() + 16, anchor, label);
  }

  /** A line from one height to another. */
  void upright(String style, double share, int from, int to) {
    String x = percent(share);
    String y1 = Integer.toString(from);
    out.leaf("line", "class", style, "x1", x, "x2", x, "y1", y1, "y2", Integer.toString(to));
  }

  void text(String style, double share, int y, String anchor, String text) {
    String height = Integer.toString(y);
    out.element(
        "text", text, "class", style, "x", percent(share), "y", height, "text-anchor", anchor);
  }

  /** Begins the ground that shapes stretch on, {@link LinePath#WIDTH} wide. */
  void openGround() {
    String size = Integer.toString(LinePath.HEIGHT);
    out.open(
        "svg",
        "y",
        Integer.toString(top),
        "width",
        "100%",
        "height",
        size,
        "viewBox",
        "0 0 " + LinePath.WIDTH + " " + size,
        "preserveAspectRatio",
        "none");
  }

  /** The pixels down to the horizontal axis. */
  int bottom() {
    return top + LinePath.HEIGHT;
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }
}
