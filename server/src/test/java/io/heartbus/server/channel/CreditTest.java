package io.heartbus.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Wire;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Credit in both directions: what SPEC lets a sender send, and when it is given back. */
class CreditTest {
  @Test
  void aPeerMaySpendExactlyWhatItHolds() {
    InboundCredit credit = new InboundCredit(1024);
    assertThat(credit.spend(1000)).isTrue();
    assertThat(credit.spend(25)).isFalse();
    assertThat(credit.spend(24)).isTrue();
    assertThat(credit.spend(1)).isFalse();
    assertThat(credit.spend(0)).isTrue();
  }

  @Test
  void whatWasTakenIsGivenBackOnceItIsHalf() {
    InboundCredit credit = new InboundCredit(1024);
    assertThat(credit.due()).isFalse();
    assertThat(credit.spend(1024)).isTrue();
    credit.take(511);
    assertThat(credit.due()).isFalse();
    credit.take(1);
    assertThat(credit.due()).isTrue();
    assertThat(credit.grant()).isEqualTo(512);
    assertThat(credit.due()).isFalse();
    assertThat(credit.spend(513)).isFalse();
    assertThat(credit.spend(512)).isTrue();
  }

  @Test
  void creditOutAtOnceNeverExceedsTheFirstGrant() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int initial = 1024 + random.nextInt(100_000);
      InboundCredit credit = new InboundCredit(initial);
      // What the peer holds, what waits, and what was taken is the grant at all times.
      int held = initial;
      int waiting = 0;
      int taken = 0;
      for (int i = 0; i < 500; i++) {
        int cost = 64 + random.nextInt(initial / 2);
        boolean fits = credit.spend(cost);
        assertThat(fits).as("seed %d", seed).isEqualTo(cost <= held);
        held -= fits ? cost : 0;
        waiting += fits ? cost : 0;
        int takes = waiting == 0 ? 0 : random.nextInt(waiting + 1);
        credit.take(takes);
        waiting -= takes;
        taken += takes;
        assertThat(credit.due()).as("seed %d", seed).isEqualTo(taken > 0 && taken >= initial / 2);
        if (credit.due()) {
          assertThat(credit.grant()).as("seed %d", seed).isEqualTo(taken);
          held += taken;
          taken = 0;
        }
        assertThat(held + waiting + taken).as("seed %d", seed).isEqualTo(initial);
      }
    }
  }

  @Test
  void aGrantOfNothingOrOfTooMuchIsRefusedAndChangesNothing() {
    OutboundCredit credit = new OutboundCredit(1000);
    assertThat(credit.add(0)).isFalse();
    assertThat(credit.add(-1)).isFalse();
    assertThat(credit.add(Wire.CREDIT_MAX)).isFalse();
    assertThat(credit.add(Wire.CREDIT_MAX - 999)).isFalse();
    assertThat(credit.add(0xFFFF_FFFFL)).isFalse();
    assertThat(credit.available()).isEqualTo(1000);
    assertThat(credit.add(Wire.CREDIT_MAX - 1000)).isTrue();
    assertThat(credit.available()).isEqualTo(Wire.CREDIT_MAX);
    assertThat(credit.add(1)).isFalse();
  }

  @Test
  void anEmptyMessageCostsSomething() {
    OutboundCredit credit = new OutboundCredit(128);
    assertThat(credit.payloadBytes(0, 65_536)).isZero();
    credit.spend(0);
    assertThat(credit.payloadBytes(0, 65_536)).isZero();
    credit.spend(0);
    assertThat(credit.available()).isZero();
    assertThat(credit.payloadBytes(0, 65_536)).isEqualTo(-1);
    assertThat(new OutboundCredit(63).payloadBytes(0, 65_536)).isEqualTo(-1);
  }

  @Test
  void aSenderNeverSpendsMoreThanItHoldsAndAlwaysGetsOnInTheEnd() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int initial = Wire.INITIAL_CREDIT_MIN + random.nextInt(8_000);
      int frameMax = 4_091 + random.nextInt(60_000);
      InboundCredit receiver = new InboundCredit(initial);
      OutboundCredit sender = new OutboundCredit(initial);
      int remaining = random.nextInt(200_000);
      int steps = 0;
      while (remaining > 0) {
        int bytes = sender.payloadBytes(remaining, frameMax);
        assertThat(bytes).as("seed %d", seed).isBetween(-1, Math.min(remaining, frameMax));
        if (bytes >= 0) {
          sender.spend(bytes);
          assertThat(sender.available()).as("seed %d", seed).isNotNegative();
          assertThat(receiver.spend(bytes + Wire.DATA_COST_BYTES)).as("seed %d", seed).isTrue();
          receiver.take(bytes + Wire.DATA_COST_BYTES);
          remaining -= bytes;
        }
        if (receiver.due()) {
          assertThat(sender.add(receiver.grant())).as("seed %d", seed).isTrue();
        } else {
          assertThat(bytes).as("seed %d is stuck with %d", seed, remaining).isNotEqualTo(-1);
        }
        steps++;
        assertThat(steps).as("seed %d", seed).isLessThan(2_000);
      }
    }
  }
}
