package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void theMostFrequentReasonComesFirst() {
    tally.add("rare");
    tally.add("often");
    tally.add("often");

    assertThat(tally.counts()).containsExactly(entry("often", 2L), entry("rare", 1L));
  }

  @Test
  void reasonsBeyondTheBoundAreCountedTogether() {
    for (int reason = 0; reason < Tally.REASONS_MAX + 5; reason++) {
      tally.add("reason " + reason);
    }
    tally.add("reason 0");

    assertThat(tally.counts())
        .hasSize(Tally.REASONS_MAX + 1)
        .containsEntry(Tally.OTHERS, 5L)
        .containsEntry("reason 0", 2L);
  }
}
