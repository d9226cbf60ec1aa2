package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTest {
  private static final int RUN = 0x1234_5678;

  @ParameterizedTest
  @ValueSource(ints = {Stamp.BYTES, 25, 31, 32, 100, 4_120, 4_121, 70_000})
  void whatIsWrittenIsReadBack(int bytes) {
    Stamp stamp = new Stamp(bytes, RUN);
    ByteBuffer out = message(stamp, 0xFFFF_FFFE, 1L << 40, 123_456_789L);

    assertThat(stamp.intact(out, 5, bytes)).isTrue();
    assertThat(Stamp.sender(out, 5)).isEqualTo(0xFFFF_FFFE);
    assertThat(Stamp.seq(out, 5)).isEqualTo(1L << 40);
    assertThat(Stamp.intendedNanos(out, 5)).isEqualTo(123_456_789L);
  }

  @ParameterizedTest
  @ValueSource(ints = {Stamp.BYTES, 100, 103})
  void everyChangedByteIsSeen(int bytes) {
    Stamp stamp = new Stamp(bytes, RUN);
    ByteBuffer out = message(stamp, 3, 77, 1_000);
    for (int at = 5; at < 5 + bytes; at++) {
      byte before = out.get(at);
      out.put(at, (byte) (before ^ 1));
      assertThat(stamp.intact(out, 5, bytes)).as("byte " + (at - 5)).isFalse();
      out.put(at, before);
    }
    assertThat(stamp.intact(out, 5, bytes)).isTrue();
  }

  @Test
  void theFillerOfAnotherMessageIsSeen() {
    Stamp stamp = new Stamp(100, RUN);
    ByteBuffer out = message(stamp, 3, 77, 1_000);
    out.put(5 + Stamp.BYTES, message(stamp, 3, 78, 1_000), 5 + Stamp.BYTES, 100 - Stamp.BYTES);

    assertThat(stamp.intact(out, 5, 100)).isFalse();
  }

  @Test
  void aMessageOfAnotherSizeOrRunIsSeen() {
    Stamp stamp = new Stamp(100, RUN);
    ByteBuffer out = message(stamp, 3, 77, 1_000);

    assertThat(stamp.intact(out, 5, 99)).isFalse();
    assertThat(new Stamp(100, RUN + 1).intact(out, 5, 100)).isFalse();
    assertThat(new Stamp(99, RUN).intact(out, 5, 99)).isFalse();
  }

  @Test
  void fillerInPartsIsTheSameFiller() {
    ByteBuffer whole = ByteBuffer.allocate(10_000);
    ByteBuffer parts = ByteBuffer.allocate(10_000);
    Stamp.putFiller(whole, 9, Stamp.BYTES, 9_000);
    Stamp.putFiller(parts, 9, Stamp.BYTES, 448);
    Stamp.putFiller(parts, 9, Stamp.BYTES + 448, 9_000 - 448);

    assertThat(parts).isEqualTo(whole);
    assertThat(parts.array()).isEqualTo(whole.array());
  }

  @Test
  void aMessageHoldsAStampAtLeast() {
    assertThatThrownBy(() -> new Stamp(Stamp.BYTES - 1, RUN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A message from place 5 on. */
  private static ByteBuffer message(Stamp stamp, int sender, long seq, long intendedNanos) {
    ByteBuffer out = ByteBuffer.allocate(10 + stamp.messageBytes()).position(5);
    stamp.put(out, sender, seq, intendedNanos);
    Stamp.putFiller(out, seq, Stamp.BYTES, stamp.messageBytes() - Stamp.BYTES);
    assertThat(out.position()).isEqualTo(5 + stamp.messageBytes());
    return out;
  }
}
