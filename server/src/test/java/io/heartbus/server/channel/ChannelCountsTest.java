package io.heartbus.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class ChannelCountsTest {
  @Test
  void dropsAreCountedByTopicAndOfTooManyTopicsTogether() {
    ChannelCounts counts = new ChannelCounts();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 1_500; i++) {
        counts.droppedByTopic("topic/" + i);
      }
    }
    assertThat(counts.droppedByTopic()).hasSize(1_001);
    assertThat(counts.droppedByTopic().get("topic/7").sum()).isEqualTo(2);
    assertThat(counts.droppedByTopic().get("(others)").sum()).isEqualTo(1_000);
    assertThat(counts.droppedByTopic().values().stream().mapToLong(LongAdder::sum).sum())
        .isEqualTo(3_000);
  }
}
