package io.heartbus.server.http;

import io.heartbus.server.http.Samples.Labelled;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeCounts;
import io.heartbus.server.presence.PresenceCounts;
import io.heartbus.server.presence.PresenceLog;
import io.prometheus.client.Collector;
import java.util.List;
import java.util.function.IntSupplier;

/** The metrics of presence: what was told, and to how many. Any thread. */
final class PresenceCollector extends Collector {
  private final HttpSources sources;
  private final IntSupplier openFeeds;

  PresenceCollector(HttpSources sources, IntSupplier openFeeds) {
    this.sources = sources;
    this.openFeeds = openFeeds;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Samples samples = new Samples();
    PresenceCounts told = sources.log().counts();
    NodeCounts counts = sources.nodes().counts();
    samples.gauge("heartbeat_presence_feeds", "Live feeds that are open.", openFeeds.getAsInt());
    samples.counters(
        "heartbeat_presence_events_total",
        "Events that were told, by type.",
        new Labelled<>(
            "type", List.of(EventType.values()), EventType::text, type -> told.events(type).sum()));
    samples.counter(
        "heartbeat_presence_events_suppressed_total",
        "Events that were held back because their nodes come and go.",
        counts.eventsSuppressed.sum());
    samples.counter(
        "heartbeat_presence_gaps_total",
        "Times that a follower was told that events are gone.",
        told.gaps.sum());
    samples.counter(
        "heartbeat_presence_mass_losses_total",
        "Losses of many nodes at once.",
        counts.massLosses.sum());
    log(samples, sources.log());
    return samples.families();
  }

  private static void log(Samples samples, PresenceLog log) {
    PresenceLog.Figures figures = log.figures();
    samples.gauge(
        "heartbeat_presence_log_first_seq", "The oldest event that can be read.", figures.first());
    samples.gauge(
        "heartbeat_presence_log_last_seq", "The newest event that can be read.", figures.last());
    samples.gauge(
        "heartbeat_presence_log_waiting_events",
        "Events that nobody is told of before the disk has them.",
        figures.waiting());
    samples.gauge(
        "heartbeat_presence_log_memory_bytes", "Events in memory, about.", figures.memoryBytes());
    samples.gauge("heartbeat_presence_log_disk_bytes", "Segments on disk.", figures.diskBytes());
    samples.gauge(
        "heartbeat_presence_log_warnings",
        "What of the log is lost, or would be now, as /readyz names it.",
        log.warnings().size());
    samples.counter(
        "heartbeat_presence_log_disk_failures_total",
        "Times that the disk failed, or was too slow, and memory had to do.",
        figures.diskFailures());
  }
}
