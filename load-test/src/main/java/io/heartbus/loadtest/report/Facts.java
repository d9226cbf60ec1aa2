package io.heartbus.loadtest.report;

import tools.jackson.databind.JsonNode;

/**
 * Values of a JSON report by their path, as in {@code heartbeats.p99Ms}. What is missing, null or
 * of another kind is not known. Pure.
 */
final class Facts {
  private Facts() {}

  /** What is there; a missing node when nothing is. */
  static JsonNode at(JsonNode node, String path) {
    JsonNode at = node;
    for (String name : path.split("\\.", -1)) {
      at = at.path(name);
    }
    return at;
  }

  /** A number that can be drawn; NaN when there is none. */
  static double number(JsonNode node, String path) {
    return number(at(node, path));
  }

  /** The same of that node itself. */
  static double number(JsonNode node) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    return Double.isFinite(value) ? value : Double.NaN;
  }

  /** Text, or a number or a truth as text; empty when there is none. */
  static String text(JsonNode node, String path) {
    return text(at(node, path));
  }

  /** The same of that node itself. */
  static String text(JsonNode node) {
    return node.isValueNode() && !node.isNull() ? node.asString() : "";
  }
}
