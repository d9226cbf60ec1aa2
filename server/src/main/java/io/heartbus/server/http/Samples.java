package io.heartbus.server.http;

import io.heartbus.server.metrics.DurationHistogram;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** One scrape in the making: metric families in the order they are added. One thread. */
final class Samples {
  private final List<MetricFamilySamples> families = new ArrayList<>();

  List<MetricFamilySamples> families() {
    return families;
  }

  void gauge(String name, String help, Number value) {
    families.add(new GaugeMetricFamily(name, help, value.doubleValue()));
  }

  /** A counter; the name ends in _total. */
  void counter(String name, String help, Number value) {
    families.add(new CounterMetricFamily(name, help, value.doubleValue()));
  }

  /** What the members of a labelled family are, what they are called and what they count. */
  record Labelled<T>(
      String label, Iterable<T> members, Function<T, String> text, ToLongFunction<T> value) {}

  <T> void gauges(String name, String help, Labelled<T> labelled) {
    GaugeMetricFamily family = new GaugeMetricFamily(name, help, List.of(labelled.label()));
    for (T member : labelled.members()) {
      family.addMetric(
          List.of(labelled.text().apply(member)), (double) labelled.value().applyAsLong(member));
    }
    families.add(family);
  }

  <T> void counters(String name, String help, Labelled<T> labelled) {
    CounterMetricFamily family = new CounterMetricFamily(name, help, List.of(labelled.label()));
    for (T member : labelled.members()) {
      family.addMetric(
          List.of(labelled.text().apply(member)), (double) labelled.value().applyAsLong(member));
    }
    families.add(family);
  }

  void add(MetricFamilySamples family) {
    families.add(family);
  }

  /** A histogram of seconds, in the cumulative form that Prometheus reads. */
  void histogram(String name, String help, DurationHistogram histogram) {
    List<Sample> samples = new ArrayList<>();
    double[] boundsSeconds = histogram.boundsSeconds();
    long[] counts = histogram.counts();
    long cumulative = 0;
    for (int i = 0; i < counts.length; i++) {
      cumulative += counts[i];
      String bound =
          i < boundsSeconds.length ? Collector.doubleToGoString(boundsSeconds[i]) : "+Inf";
      samples.add(new Sample(name + "_bucket", List.of("le"), List.of(bound), cumulative));
    }
    samples.add(new Sample(name + "_count", List.of(), List.of(), cumulative));
    samples.add(new Sample(name + "_sum", List.of(), List.of(), histogram.sumSeconds()));
    families.add(new MetricFamilySamples(name, Collector.Type.HISTOGRAM, help, samples));
  }
}
