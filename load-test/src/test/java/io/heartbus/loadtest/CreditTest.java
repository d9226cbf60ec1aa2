package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Wire;
import org.junit.jupiter.api.Test;

class CreditTest {
  @Test
  void aMessageCostsItsBytesAndASurcharge() {
    Credit credit = new Credit(10 + Wire.DATA_COST_BYTES);

    assertThat(credit.spend(11)).isFalse();
    assertThat(credit.spend(10)).isTrue();
    assertThat(credit.spend(0)).isFalse();
    credit.granted(Wire.DATA_COST_BYTES);
    assertThat(credit.spend(0)).isTrue();
  }

  @Test
  void nothingCanBeSentOnAClosedChannel() {
    Credit credit = new Credit(4096);
    credit.closed();

    assertThat(credit.spend(0)).isFalse();
    assertThat(credit.payloadBytes(0)).isEqualTo(-1);
  }

  @Test
  void aSmallMessageLeavesWholeOrNotAtAll() {
    Credit credit = new Credit(100 + Wire.DATA_COST_BYTES - 1);

    assertThat(credit.payloadBytes(100)).isEqualTo(-1);
    credit.granted(1);
    assertThat(credit.payloadBytes(100)).isEqualTo(100);
  }

  @Test
  void aLargeMessageIsCutWhereTheCreditEnds() {
    Credit credit = new Credit(511);

    assertThat(credit.payloadBytes(10_000)).isEqualTo(-1);
    credit.granted(1);
    assertThat(credit.payloadBytes(10_000)).isEqualTo(512 - Wire.DATA_COST_BYTES);
    credit.spent(512 - Wire.DATA_COST_BYTES);
    assertThat(credit.payloadBytes(0)).isEqualTo(-1);
  }
}
