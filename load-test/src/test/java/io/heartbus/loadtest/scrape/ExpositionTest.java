package io.heartbus.loadtest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.series.Column;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {
  private static final String TEXT =
      """
      # HELP heartbeat_nodes_online Nodes that are not offline, suspect ones included.
      # TYPE heartbeat_nodes_online gauge
      heartbeat_nodes_online 500.0
      heartbeat_channel_queue_messages 7.0
      process_cpu_seconds_total 12.5
      process_resident_memory_bytes 1.12111616E8
      jvm_memory_bytes_used{area="heap",} 1.7991016E7
      jvm_memory_bytes_used{area="nonheap",} 4.0E7
      jvm_gc_collection_seconds_count{gc="G1 Young Generation",} 4.0
      jvm_gc_collection_seconds_sum{gc="G1 Young Generation",} 0.5
      jvm_gc_collection_seconds_sum{gc="G1 Old Generation",} 0.25
      jvm_gc_collection_seconds_sum{gc="G1 Concurrent GC",} 9.0
      jvm_gc_collection_seconds_sum{gc="Shenandoah Cycles",} 9.0
      """;

  @Test
  void whatAReportHasAPlaceForIsRead() {
    assertThat(Exposition.parse(TEXT).levels())
        .isEqualTo(
            Map.of(
                Column.SERVER_NODES,
                500.0,
                Column.SERVER_QUEUE,
                7.0,
                Column.SERVER_RSS,
                112_111_616.0,
                Column.SERVER_HEAP,
                17_991_016.0));
  }

  @Test
  void whatOnlyGrowsIsTurnedIntoRatesAndConcurrentWorkIsNoPause() {
    Exposition later =
        Exposition.parse(
            TEXT.replace(" 12.5", " 14.5").replace(" 0.25", " 0.75").replace(" 9", " 99"));

    assertThat(later.since(Exposition.parse(TEXT), 2))
        .containsEntry(Column.SERVER_CPU, 1.0)
        .containsEntry(Column.SERVER_GC, 0.25);
  }

  @Test
  void aServerThatWasStartedAnewHasNoRateYet() {
    Exposition later = Exposition.parse(TEXT.replace(" 12.5", " 0.5"));

    assertThat(later.since(Exposition.parse(TEXT), 2))
        .doesNotContainKey(Column.SERVER_CPU)
        .containsKey(Column.SERVER_NODES);
  }

  @Test
  void otherTextSaysNothing() {
    Exposition other =
        Exposition.parse("<html>\n\nheartbeat_nodes_online many\nheartbeat_nodes_online NaN\n");

    assertThat(other.levels()).isEmpty();
    assertThat(other.totals()).isEmpty();
  }
}
