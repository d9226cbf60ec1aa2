package io.heartbus.server.http;

import io.heartbus.server.webhook.DeliveryResult;
import io.heartbus.server.webhook.WebhookCounts;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The metrics of webhooks, each named by its place in the configuration and its host: there are no
 * more of them than somebody has written down.
 */
final class WebhookMetrics {
  private static final List<String> LABELS = List.of("webhook", "host");
  private static final List<String> LABELS_OF_TRIES = List.of("webhook", "host", "result");

  private WebhookMetrics() {}

  static void add(Samples samples, List<WebhookCounts> webhooks) {
    CounterMetricFamily tries =
        new CounterMetricFamily(
            "heartbeat_webhook_deliveries_total",
            "Tries to tell a webhook something, by how they ended.",
            LABELS_OF_TRIES);
    for (WebhookCounts webhook : webhooks) {
      for (DeliveryResult result : DeliveryResult.values()) {
        List<String> labels = new ArrayList<>(labels(webhook));
        labels.add(result.text());
        tries.addMetric(labels, (double) webhook.deliveries(result).sum());
      }
    }
    samples.add(tries);
    samples.add(
        counter(
            "heartbeat_webhook_events_total",
            "Events that a webhook has taken.",
            webhooks,
            webhook -> webhook.events.sum()));
    samples.add(
        counter(
            "heartbeat_webhook_gaps_total",
            "Times that a webhook was told that events are missing.",
            webhooks,
            webhook -> webhook.gaps.sum()));
    samples.add(
        gauge(
            "heartbeat_webhook_failures",
            "Tries that have failed since the last one that did not.",
            webhooks,
            WebhookCounts::failures));
    samples.add(
        gauge(
            "heartbeat_webhook_events_behind",
            "Events of the log that a webhook is behind, wanted or not.",
            webhooks,
            WebhookCounts::eventsBehind));
  }

  private static CounterMetricFamily counter(
      String name, String help, List<WebhookCounts> webhooks, ToLongFunction<WebhookCounts> value) {
    CounterMetricFamily family = new CounterMetricFamily(name, help, LABELS);
    webhooks.forEach(
        webhook -> family.addMetric(labels(webhook), (double) value.applyAsLong(webhook)));
    return family;
  }

  private static GaugeMetricFamily gauge(
      String name, String help, List<WebhookCounts> webhooks, ToLongFunction<WebhookCounts> value) {
    GaugeMetricFamily family = new GaugeMetricFamily(name, help, LABELS);
    webhooks.forEach(
        webhook -> family.addMetric(labels(webhook), (double) value.applyAsLong(webhook)));
    return family;
  }

  private static List<String> labels(WebhookCounts webhook) {
    return List.of(Integer.toString(webhook.index()), webhook.host());
  }
}
