package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The first bytes of a segment. */
class SegmentHeaderTest {
  private static final UUID BOOT = new UUID(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
  private static final SegmentHeader SAMPLE =
      new SegmentHeader(1_790_000_000_000_000L, 17, 4_711, 1_790_000_000_000L, BOOT, true);

  @Test
  void whatIsWrittenIsReadAgain() {
    SegmentHeader other = new SegmentHeader(1, 0, 1, 0, SegmentHeader.UNKNOWN_BOOT, false);
    assertThat(SegmentHeader.decode(ByteBuffer.wrap(encode(SAMPLE)))).isEqualTo(SAMPLE);
    assertThat(SegmentHeader.decode(ByteBuffer.wrap(encode(other)))).isEqualTo(other);
  }

  @Test
  void everyCutAndEveryChangedByteIsNoticed() {
    byte[] whole = encode(SAMPLE);
    assertThat(whole).startsWith('H', 'B', 'P', 'L', 1);
    for (int at = 0; at < whole.length; at++) {
      assertThat(SegmentHeader.decode(ByteBuffer.wrap(whole, 0, at))).isNull();
      for (int mask = 1; mask < 256; mask++) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) mask;
        assertThat(SegmentHeader.decode(ByteBuffer.wrap(changed))).as("byte %s", at).isNull();
      }
    }
  }

  @Test
  void aRunOfTheSystemThatNobodyCanNameIsNeverThisOne() {
    SegmentHeader nameless = new SegmentHeader(1, 0, 1, 0, SegmentHeader.UNKNOWN_BOOT, false);
    assertThat(SAMPLE.writtenIn(BOOT)).isTrue();
    assertThat(SAMPLE.writtenIn(new UUID(1, 2))).isFalse();
    assertThat(nameless.writtenIn(SegmentHeader.UNKNOWN_BOOT)).isFalse();
  }

  private static byte[] encode(SegmentHeader header) {
    ByteBuffer out = ByteBuffer.allocate(SegmentHeader.BYTES);
    header.encode(out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }
}
