package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** At what size of the heap to collect. */
class HeapTargetTest {
  private static final long MIB = 1 << 20;

  @Test
  void whatLivesHasAsMuchRoomAgainAndSomeMore() {
    assertThat(HeapTarget.bytes(0, 4_096 * MIB)).isEqualTo(384 * MIB);
    assertThat(HeapTarget.bytes(10 * MIB, 4_096 * MIB)).isEqualTo(404 * MIB);
    assertThat(HeapTarget.bytes(1_600 * MIB, 4_096 * MIB)).isEqualTo(3_584 * MIB);
  }

  @Test
  void theHeapIsTheMost() {
    assertThat(HeapTarget.bytes(2_000 * MIB, 4_096 * MIB)).isEqualTo(4_096 * MIB);
    assertThat(HeapTarget.bytes(10 * MIB, 64 * MIB)).isEqualTo(64 * MIB);
  }
}
