package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the scenario storm measured, in the shape and with the names of the JSON report: a public
 * contract. Immutable.
 *
 * @param untouched nodes that stayed all the time
 */
record StormFigures(int untouched, List<Round> rounds) {
  /**
   * One time that all were dropped. Times are from the drop until that share of the dropped nodes
   * was in again, null when it never was.
   *
   * @param failures handshakes that came to nothing, by kind; the node tries again
   * @param busy handshakes that the server put off, SERVER_BUSY; the node asks again when it was
   *     told to
   * @param perSecondMean registrations until the last one
   * @param perSecondPeak registrations in the best tenth of a second, as a rate
   * @param untouchedBeats beats that the untouched nodes sent meanwhile, and that were answered
   * @param untouchedLatencies how long those answers took
   */
  record Round(
      int dropped,
      int back,
      Map<String, Long> failures,
      long busy,
      @Nullable Double back50Ms,
      @Nullable Double back90Ms,
      @Nullable Double back99Ms,
      @Nullable Double back999Ms,
      @Nullable Double backAllMs,
      double perSecondMean,
      double perSecondPeak,
      long untouchedBeats,
      Latencies untouchedLatencies) {}
}
