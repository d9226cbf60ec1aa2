package io.heartbus.loadtest.compare;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One measurement of one server in one round: a line of the raw output.
 *
 * @param figures what goes into the table, by the name of its row
 * @param facts what else was seen
 * @param doubts what there is to say against the figures
 * @param failure why there are none, or null
 */
record Sample(
    int round,
    String peer,
    String measurement,
    Map<String, Double> figures,
    Map<String, Double> facts,
    List<String> doubts,
    @Nullable String failure) {

  static Sample of(int round, Peer peer, Measurement measurement, Findings findings) {
    return new Sample(
        round,
        peer.text(),
        measurement.name(),
        findings.figures(),
        findings.facts(),
        findings.doubts(),
        null);
  }

  static Sample failed(int round, Peer peer, Measurement measurement, String failure) {
    return new Sample(
        round, peer.text(), measurement.name(), Map.of(), Map.of(), List.of(), failure);
  }

  String json() {
    return JsonMapper.shared().writeValueAsString(this);
  }

  /**
   * The sample of a line.
   *
   * @throws tools.jackson.core.JacksonException when it is none
   */
  static Sample parse(String json) {
    return JsonMapper.shared().readValue(json, Sample.class);
  }
}
