package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeatLedgerTest {
  private final BeatLedger ledger = new BeatLedger();

  @Test
  void beatsAreNumberedFromOne() {
    assertThat(ledger.sent(7)).isEqualTo(1);
    assertThat(ledger.sent(8)).isEqualTo(2);
    assertThat(ledger.sentSeq()).isEqualTo(2);
    assertThat(ledger.oldestSeq()).isEqualTo(1);
  }

  @Test
  void intendedTimesComeBackInOrderWhileTheRingGrows() {
    int next = 0;
    for (int beat = 0; beat < 1_000; beat++) {
      ledger.sent(beat);
      if (beat % 3 == 0) {
        assertThat(ledger.take()).isEqualTo(next++);
      }
    }
    while (ledger.outstanding() > 0) {
      assertThat(ledger.take()).isEqualTo(next++);
    }
    assertThat(next).isEqualTo(1_000);
  }

  @Test
  void itIsFullAtItsBoundAndTakesNoMore() {
    for (int beat = 0; beat < BeatLedger.OUTSTANDING_MAX; beat++) {
      assertThat(ledger.full()).isFalse();
      ledger.sent(beat);
    }
    assertThat(ledger.full()).isTrue();
    assertThatThrownBy(() -> ledger.sent(0)).isInstanceOf(IllegalStateException.class);

    ledger.take();
    assertThat(ledger.sent(0)).isEqualTo(BeatLedger.OUTSTANDING_MAX + 1L);
  }

  @Test
  void nothingCanBeTakenWhenNothingWaits() {
    ledger.sent(1);
    ledger.clear();

    assertThat(ledger.outstanding()).isZero();
    assertThatThrownBy(ledger::take).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({"5, 1, 5", "5, 0, 0", "5, 2, 4", "5, 5, 1", "5, 6, 0", "0, 1, 0"})
  void theLastBeatsNeedNoAnswerWhenOnlyEveryNthHasOne(int sent, int ackEvery, int owed) {
    for (int beat = 0; beat < sent; beat++) {
      ledger.sent(beat);
    }

    assertThat(ledger.owed(ackEvery)).isEqualTo(owed);
  }
}
