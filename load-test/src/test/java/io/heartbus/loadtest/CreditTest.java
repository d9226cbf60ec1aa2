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
  }

  @Test
  void whatWasTakenIsGrantedAgainOnceItIsHalf() {
    Credit credit = new Credit(0);
    int payload = 1_000 - Wire.DATA_COST_BYTES;

    assertThat(credit.took(payload)).isZero();
    assertThat(credit.took(payload)).isZero();
    assertThat(credit.took(payload)).isEqualTo(3_000);
    assertThat(credit.took(payload)).isZero();
  }
}
