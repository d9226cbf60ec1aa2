package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameType;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics as a scraper reads them. */
class MetricsTest {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern HELP = Pattern.compile("# HELP (\\w+) (\\S.*)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][\\w:]*)(\\{(?:\\w+=\"[^\"\\\\\\n]*\",?)*\\})? (-?[0-9.E+-]+|NaN|[+-]Inf)");

  private Bench bench;
  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Double> samples = new LinkedHashMap<>();

  @BeforeEach
  void open() throws IOException {
    bench = Bench.open();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "heartbeat_nodes_total, gauge",
    "heartbeat_nodes_online, gauge",
    "heartbeat_nodes_offline, gauge",
    "heartbeat_nodes, gauge",
    "heartbeat_nodes_registered_total, counter",
    "heartbeat_nodes_unregistered_total, counter",
    "heartbeat_nodes_timeout_total, counter",
    "heartbeat_connections_active, gauge",
    "heartbeat_connections_total, counter",
    "heartbeat_connection_rejected_total, counter",
    "heartbeat_connections_closed_total, counter",
    "heartbeat_channels_total, gauge",
    "heartbeat_channels_active, gauge",
    "heartbeat_channel_queue_messages, gauge",
    "heartbeat_messages_total, counter",
    "heartbeat_received_total, counter",
    "heartbeat_data_messages_total, counter",
    "heartbeat_bytes_total, counter",
    "heartbeat_errors_total, counter",
    "heartbeat_latency_seconds, histogram",
    "heartbeat_message_duration_seconds, histogram",
    "heartbeat_detection_delay_seconds, histogram",
    "heartbeat_sweep_duration_seconds, histogram",
    "heartbeat_canary_detection_delay_seconds, histogram",
    "heartbeat_liveness_frozen_seconds_total, counter",
    "heartbeat_liveness_held, gauge",
    "heartbeat_presence_feeds, gauge",
    "heartbeat_presence_events_total, counter",
    "heartbeat_presence_events_suppressed_total, counter",
    "heartbeat_presence_gaps_total, counter",
    "heartbeat_presence_log_first_seq, gauge",
    "heartbeat_presence_log_last_seq, gauge",
    "heartbeat_presence_log_waiting_events, gauge",
    "heartbeat_presence_log_memory_bytes, gauge",
    "heartbeat_presence_log_disk_bytes, gauge",
    "heartbeat_presence_log_warnings, gauge",
    "heartbeat_presence_log_disk_failures_total, counter",
    "heartbeat_presence_mass_losses_total, counter",
    "heartbeat_uptime_seconds, gauge",
    "process_cpu_seconds_total, counter",
    "jvm_memory_bytes_used, gauge",
    "jvm_gc_collection_seconds, summary",
    "jvm_threads_current, gauge",
    "jvm_info, gauge"
  })
  void everyNameIsThereWithItsType(String name, String type) throws Exception {
    scrape("/metrics");
    assertThat(types).containsEntry(name, type);
    assertThat(samples.keySet()).anyMatch(sample -> sample.startsWith(name));
  }

  @Test
  void theSearchForDeadlocksIsLeftOut() throws Exception {
    scrape("/metrics");
    assertThat(types.keySet()).noneMatch(name -> name.contains("deadlock"));
  }

  @Test
  void labelsAreNamedAsInTheSpecification() throws Exception {
    scrape("/metrics");
    for (String state : List.of("ONLINE", "SUSPECT", "HELD", "OFFLINE")) {
      assertThat(samples).containsKey("heartbeat_nodes{state=\"%s\",}".formatted(state));
    }
    for (CloseReason reason : CloseReason.values()) {
      assertThat(samples)
          .containsKey("heartbeat_connections_closed_total{reason=\"%s\",}".formatted(reason));
    }
    assertThat(samples)
        .containsKey("heartbeat_messages_total{type=\"HEARTBEAT_REQ\",direction=\"in\",}")
        .containsKey("heartbeat_messages_total{type=\"HEARTBEAT_RES\",direction=\"out\",}")
        .containsKey("heartbeat_bytes_total{direction=\"in\",}")
        .containsKey("heartbeat_errors_total{code=\"PROTOCOL_ERROR\",}")
        .containsKey("heartbeat_connection_rejected_total{reason=\"SERVER_BUSY\",}");
  }

  @Test
  void valuesAreThoseOfTheCounters() throws Exception {
    bench.register("n1");
    bench.register("n2");
    bench.nodes.leave(bench.node("n2"), Cause.LEFT);
    bench.connections.accepted.add(9);
    bench.connections.framesIn(FrameType.HEARTBEAT_REQ).add(4);
    bench.connections.framesIn(FrameType.DATA).add(6);
    bench.connections.framesOut(FrameType.DATA).add(7);
    bench.connections.bytesOut.add(1_234);
    bench.connections.errors(ErrorCode.NO_ROUTE).add(2);
    bench.connections.rejected(ErrorCode.LIMIT).increment();
    bench.connections.closed(CloseReason.RESET).add(3);
    bench.channels.open.set(8);
    bench.channels.queuedMessages.add(11);
    scrape("/metrics");
    assertThat(samples)
        .containsEntry("heartbeat_nodes_total", 2.0)
        .containsEntry("heartbeat_nodes_online", 1.0)
        .containsEntry("heartbeat_nodes_offline", 1.0)
        .containsEntry("heartbeat_nodes{state=\"OFFLINE\",}", 1.0)
        .containsEntry("heartbeat_nodes_registered_total", 2.0)
        .containsEntry("heartbeat_nodes_unregistered_total", 1.0)
        .containsEntry("heartbeat_presence_events_total{type=\"online\",}", 2.0)
        .containsEntry("heartbeat_presence_events_total{type=\"offline\",}", 1.0)
        .containsEntry("heartbeat_presence_events_total{type=\"mass_loss\",}", 0.0)
        .containsEntry("heartbeat_connections_active", 2.0)
        .containsEntry("heartbeat_connections_total", 9.0)
        .containsEntry("heartbeat_received_total", 4.0)
        .containsEntry("heartbeat_data_messages_total", 6.0)
        .containsEntry("heartbeat_messages_total{type=\"DATA\",direction=\"out\",}", 7.0)
        .containsEntry("heartbeat_bytes_total{direction=\"out\",}", 1_234.0)
        .containsEntry("heartbeat_errors_total{code=\"NO_ROUTE\",}", 2.0)
        .containsEntry("heartbeat_connection_rejected_total{reason=\"LIMIT\",}", 1.0)
        .containsEntry("heartbeat_connections_closed_total{reason=\"RESET\",}", 3.0)
        .containsEntry("heartbeat_channels_total", 8.0)
        .containsEntry("heartbeat_channels_active", 8.0)
        .containsEntry("heartbeat_channel_queue_messages", 11.0);
  }

  @Test
  void bucketsOfAHistogramAreCumulative() throws Exception {
    bench.connections.roundTrip.record(300_000);
    bench.connections.roundTrip.record(300_000);
    bench.connections.roundTrip.record(2_000_000);
    bench.connections.roundTrip.record(60_000_000_000L);
    scrape("/metrics");
    List<Double> buckets = new ArrayList<>();
    samples.forEach((name, value) -> {
      if (name.startsWith("heartbeat_latency_seconds_bucket")) {
        buckets.add(value);
      }
    });
    assertThat(buckets).isSorted().hasSize(15).endsWith(3.0, 4.0);
    assertThat(samples)
        .containsEntry("heartbeat_latency_seconds_bucket{le=\"2.5E-4\",}", 0.0)
        .containsEntry("heartbeat_latency_seconds_bucket{le=\"5.0E-4\",}", 2.0)
        .containsEntry("heartbeat_latency_seconds_bucket{le=\"0.0025\",}", 3.0)
        .containsEntry("heartbeat_latency_seconds_bucket{le=\"+Inf\",}", 4.0)
        .containsEntry("heartbeat_latency_seconds_count", 4.0)
        .containsEntry("heartbeat_latency_seconds_sum", 60.0026);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name[]", "name%5B%5D"})
  void aScrapeMayAskForSomeOnly(String parameter) throws Exception {
    scrape(
        "/metrics?%s=heartbeat_uptime_seconds&%s=heartbeat_nodes_online"
            .formatted(parameter.replace("[", "%5B").replace("]", "%5D"), parameter)
            .replace("[]", "%5B%5D"));
    assertThat(samples.keySet())
        .containsExactlyInAnyOrder("heartbeat_uptime_seconds", "heartbeat_nodes_online");
  }

  @Test
  void twoEndpointsInOneProcessDoNotMind() throws Exception {
    try (Bench second = Bench.open()) {
      second.register("n1");
      assertThat(second.get("/metrics").body()).contains("heartbeat_nodes_online 1.0");
      assertThat(bench.get("/metrics").body()).contains("heartbeat_nodes_online 0.0");
    }
  }

  /** Reads a scrape as strictly as the text format is written down. */
  private void scrape(String path) throws Exception {
    List<String> helped = new ArrayList<>();
    for (String line : bench.get(path).body().split("\n", -1)) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        assertThat(helped).doesNotContain(help.group(1));
        helped.add(help.group(1));
      } else if (type.matches()) {
        assertThat(helped).endsWith(type.group(1));
        types.put(type.group(1), type.group(2));
      } else if (sample.matches()) {
        String labels = sample.group(2) == null ? "" : sample.group(2);
        assertThat(samples.put(sample.group(1) + labels, Double.valueOf(sample.group(3))))
            .as("%s twice", line)
            .isNull();
      } else {
        assertThat(line).isEmpty();
      }
    }
  }
}
