package io.heartbus.server.http;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.Role;
import io.heartbus.server.channel.ChannelCounts;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.http.Samples.Labelled;
import io.heartbus.server.node.NodeCounts;
import io.heartbus.server.node.NodeState;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The metrics of the bus, read from its counters when somebody scrapes: counters of the client
 * library would leave a thread-local on every virtual thread that touches them. Any thread.
 */
final class BusCollector extends Collector {
  private final HttpSources sources;
  private final LongSupplier uptimeNanos;

  BusCollector(HttpSources sources, LongSupplier uptimeNanos) {
    this.sources = sources;
    this.uptimeNanos = uptimeNanos;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Samples samples = new Samples();
    nodes(samples, sources.nodes().counts());
    connections(samples, sources.connections());
    frames(samples, sources.connections());
    channels(samples, sources.channels());
    liveness(samples, sources.nodes().counts());
    WebhookMetrics.add(samples, sources.webhooks());
    return samples.families();
  }

  private static void nodes(Samples samples, NodeCounts counts) {
    samples.gauge(
        "heartbeat_nodes_total", "Nodes that are known, offline ones included.", counts.known());
    samples.gauge(
        "heartbeat_nodes_online",
        "Nodes that are not offline, suspect ones included.",
        counts.live());
    samples.gauge(
        "heartbeat_nodes_offline", "Nodes that are offline.", counts.in(NodeState.OFFLINE));
    samples.gauges(
        "heartbeat_nodes",
        "Nodes by state.",
        new Labelled<>("state", List.of(NodeState.values()), NodeState::name, counts::in));
    samples.gauge(
        "heartbeat_nodes_late",
        "Nodes overdue by a third of their interval in the last pass of the sweep.",
        counts.lateNodes());
    samples.counter(
        "heartbeat_nodes_registered_total",
        "Registrations that were admitted.",
        counts.registered.sum());
    samples.counter(
        "heartbeat_nodes_unregistered_total", "Sessions that the node ended.", counts.left.sum());
    samples.counter(
        "heartbeat_nodes_timeout_total", "Sessions that ended by silence.", counts.timedOut.sum());
    samples.counter(
        "heartbeat_nodes_replaced_total",
        "Sessions that a newer one of the same node ended.",
        counts.replaced.sum());
  }

  private void connections(Samples samples, ConnectionCounts counts) {
    samples.gauge(
        "heartbeat_connections_active", "Connections that are open.", sources.roster().size());
    samples.counter(
        "heartbeat_connections_total", "Connections that were accepted.", counts.accepted.sum());
    samples.counters(
        "heartbeat_connection_rejected_total",
        "Connections and registrations that were refused, by what they were told.",
        new Labelled<>(
            "reason", refusals(counts), ErrorCode::name, code -> counts.rejected(code).sum()));
    samples.counters(
        "heartbeat_connections_closed_total",
        "Connections that ended, by reason.",
        new Labelled<>(
            "reason",
            List.of(CloseReason.values()),
            CloseReason::name,
            reason -> counts.closed(reason).sum()));
    samples.counter(
        "heartbeat_writes_stalled_total",
        "Writes that made no progress within their limit.",
        counts.stalledWrites.sum());
  }

  /** Those that can be told to a newcomer, and what was told besides. */
  private static Set<ErrorCode> refusals(ConnectionCounts counts) {
    Set<ErrorCode> refusals = EnumSet.of(ErrorCode.DRAINING);
    for (ErrorCode code : ErrorCode.values()) {
      if (code.aboutRegistration() || counts.rejected(code).sum() > 0) {
        refusals.add(code);
      }
    }
    return refusals;
  }

  private static void frames(Samples samples, ConnectionCounts counts) {
    CounterMetricFamily frames =
        new CounterMetricFamily(
            "heartbeat_messages_total",
            "Frames of all kinds, by type and direction.",
            List.of("type", "direction"));
    for (FrameType type : FrameType.values()) {
      if (type.sentBy(Role.NODE)) {
        frames.addMetric(List.of(type.name(), "in"), (double) counts.framesIn(type).sum());
      }
      if (type.sentBy(Role.SERVER)) {
        frames.addMetric(List.of(type.name(), "out"), (double) counts.framesOut(type).sum());
      }
    }
    samples.add(frames);
    samples.counter(
        "heartbeat_received_total",
        "Heartbeats that came in.",
        counts.framesIn(FrameType.HEARTBEAT_REQ).sum());
    samples.counter(
        "heartbeat_data_messages_total",
        "DATA frames that came in.",
        counts.framesIn(FrameType.DATA).sum());
    samples.counter(
        "heartbeat_frames_skipped_total",
        "Frames that were read and ignored, as the protocol asks.",
        counts.skipped.sum());
    samples.counters(
        "heartbeat_bytes_total",
        "Bytes on all connections, by direction.",
        new Labelled<>(
            "direction",
            List.of("in", "out"),
            direction -> direction,
            direction -> (direction.equals("in") ? counts.bytesIn : counts.bytesOut).sum()));
    samples.counters(
        "heartbeat_errors_total",
        "Errors that nodes were told, by code.",
        new Labelled<>(
            "code",
            EnumSet.complementOf(EnumSet.of(ErrorCode.NORMAL)),
            ErrorCode::name,
            code -> counts.errors(code).sum()));
    samples.histogram(
        "heartbeat_latency_seconds",
        "Round trips of heartbeats as the nodes measured them.",
        counts.roundTrip);
  }

  private static void channels(Samples samples, ChannelCounts counts) {
    samples.histogram(
        "heartbeat_message_duration_seconds",
        "Time from a message's arrival to the end of its handling; a sample.",
        counts.handling);
    samples.gauge("heartbeat_channels_total", "Channels that are open.", counts.open.get());
    samples.gauge(
        "heartbeat_channels_active",
        "Channels that are open; the older name of heartbeat_channels_total.",
        counts.open.get());
    samples.gauge(
        "heartbeat_channel_queue_messages",
        "Messages that wait for a consumer or for credit.",
        counts.queuedMessages.sum());
    samples.counter(
        "heartbeat_messages_dropped_total",
        "Messages that were dropped because their receiver was full.",
        counts.dropped.sum());
    samples.counters(
        "heartbeat_topic_messages_dropped_total",
        "Messages that members of topics did not get, by the name of their channels.",
        new Labelled<>(
            "topic",
            counts.droppedByTopic().entrySet(),
            Map.Entry::getKey,
            topic -> topic.getValue().sum()));
    samples.counter(
        "heartbeat_channel_resets_total", "Channels that the server reset.", counts.resets.sum());
    samples.counter(
        "heartbeat_channel_handler_failures_total",
        "Channels that were reset because their handler threw.",
        counts.handlerFailures.sum());
    samples.counter(
        "heartbeat_channel_credit_stalls_total",
        "Times that a message had to wait for credit.",
        counts.creditStalls.sum());
  }

  private void liveness(Samples samples, NodeCounts counts) {
    samples.histogram(
        "heartbeat_detection_delay_seconds",
        "From a node's deadline to its offline verdict.",
        counts.detectionDelay);
    samples.histogram(
        "heartbeat_canary_detection_delay_seconds",
        "From a canary's timeout to the farewell that it read, frozen time included.",
        sources.canaryDelay());
    samples.histogram(
        "heartbeat_sweep_duration_seconds",
        "Duration of a pass over all connections.",
        counts.sweepDuration);
    samples.counter(
        "heartbeat_verdicts_postponed_total",
        "Offline verdicts put off because unread bytes were waiting.",
        counts.postponed.sum());
    samples.counter(
        "heartbeat_liveness_frozen_seconds_total",
        "Time in which the server stood still or was unwell, which counts against no node.",
        sources.clock().frozenNanos() / NANOSECONDS_PER_SECOND);
    samples.gauge(
        "heartbeat_liveness_held",
        "1 while liveness time stands still, or did for over a fifth of the last 5 minutes.",
        sources.clock().held() ? 1 : 0);
    samples.gauge(
        "heartbeat_uptime_seconds",
        "Time since the server started.",
        uptimeNanos.getAsLong() / NANOSECONDS_PER_SECOND);
  }
}
