package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.RecordCodec.Decoded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bytes of a record, and what is none. */
class RecordCodecTest {
  private static final long EPOCH = 1_790_000_000_000_000L;
  private static final PresenceEvent SAMPLE =
      new PresenceEvent(
          42,
          1_790_000_000_123L,
          new NodeEvent(EventType.OFFLINE, "n-1", 7, Cause.TIMEOUT, "rack", 30_000, null));

  private final RecordCodec codec = new RecordCodec(EPOCH);

  @Test
  void aRecordIsAsItsDescriptionSays() {
    // Worked out by another program. Head; type, cause; time, session, silence + 1 in base 128;
    // three texts with their length + 1.
    assertThat(HexFormat.of().formatHex(encode(SAMPLE)))
        .isEqualTo(
            "0016"
                + "e259"
                + "80d11178"
                + "0301"
                + "fbd8c1a28c34"
                + "07"
                + "b1ea01"
                + "046e2d31"
                + "057261636b"
                + "00");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      PresenceEvent event =
          new PresenceEvent(
              random.nextLong() >>> 1, random.nextLong() >>> 1, RandomEvents.next(random));
      ByteBuffer bytes = ByteBuffer.wrap(encode(event));
      assertThat(codec.decode(bytes, event.seq())).isEqualTo(new Decoded.Event(event));
      assertThat(bytes.hasRemaining()).isFalse();
    }
  }

  @Test
  void everyTypeAndEveryCauseHasACode() {
    for (EventType type : EventType.values()) {
      for (Cause cause : Cause.values()) {
        PresenceEvent event =
            new PresenceEvent(1, 2, new NodeEvent(type, null, 0, cause, null, -1, null));
        assertThat(codec.decode(ByteBuffer.wrap(encode(event)), 1))
            .isEqualTo(new Decoded.Event(event));
      }
    }
  }

  @Test
  void aRecordThatEndsTooEarlyIsTorn() {
    byte[] whole = encode(SAMPLE);
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
      assertThat(codec.decode(cut, 42)).as("%s bytes", length).isEqualTo(Decoded.Other.TORN);
      assertThat(cut.position()).isZero();
    }
  }

  @Test
  void aByteThatChangedIsNoticedWhereverItIs() {
    byte[] whole = encode(SAMPLE);
    for (int at = 0; at < whole.length; at++) {
      for (int mask = 1; mask < 256; mask++) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) mask;
        assertThat(codec.decode(ByteBuffer.wrap(changed), 42))
            .as("byte %s ^ %s", at, mask)
            .isEqualTo(Decoded.Other.BROKEN);
      }
    }
  }

  @Test
  void noLengthIsTakenForAnother() {
    byte[] mark = mark(42);
    for (int length = 1; length < 1 << 16; length++) {
      byte[] changed = mark.clone();
      ByteBuffer.wrap(changed).putShort((short) length);
      assertThat(codec.decode(ByteBuffer.wrap(changed), 42))
          .as("length %s", length)
          .isEqualTo(Decoded.Other.BROKEN);
    }
  }

  @Test
  void aRecordIsGoodForItsNumberAndItsEpochOnly() {
    byte[] whole = encode(SAMPLE);
    for (long seq : new long[] {0, 1, 41, 43, 42L << 8, -42}) {
      assertThat(codec.decode(ByteBuffer.wrap(whole), seq)).isEqualTo(Decoded.Other.BROKEN);
    }
    assertThat(new RecordCodec(EPOCH + 1).decode(ByteBuffer.wrap(whole), 42))
        .isEqualTo(Decoded.Other.BROKEN);
  }

  @Test
  void aMarkIsAMarkAtItsPlaceOnly() {
    byte[] mark = mark(42);
    assertThat(codec.decode(ByteBuffer.wrap(mark), 42)).isEqualTo(Decoded.Other.MARK);
    assertThat(codec.decode(ByteBuffer.wrap(mark), 43)).isEqualTo(Decoded.Other.BROKEN);
    assertThat(codec.decode(ByteBuffer.allocate(8), 42)).isEqualTo(Decoded.Other.BROKEN);
  }

  @Test
  void aTextThatIsTooLongIsCutBetweenTwoCharacters() {
    for (String character : new String[] {"a", "ü", "节", "\uD83D\uDE80"}) {
      String endless = "b" + character.repeat(RecordCodec.TEXT_BYTES_MAX);
      NodeEvent what =
          new NodeEvent(EventType.STALL, endless, Long.MIN_VALUE, null, endless, -2, endless);
      byte[] whole = encode(new PresenceEvent(1, -1, what));
      assertThat(whole.length).isLessThanOrEqualTo(RecordCodec.RECORD_BYTES_MAX);
      Decoded decoded = codec.decode(ByteBuffer.wrap(whole), 1);
      assertThat(decoded).isInstanceOf(Decoded.Event.class);
      String kept = ((Decoded.Event) decoded).event().what().detail();
      assertThat(endless).startsWith(kept);
      assertThat(kept.getBytes(StandardCharsets.UTF_8).length)
          .isBetween(RecordCodec.TEXT_BYTES_MAX - 3, RecordCodec.TEXT_BYTES_MAX);
    }
  }

  private byte[] encode(PresenceEvent event) {
    ByteBuffer out = ByteBuffer.allocate(RecordCodec.RECORD_BYTES_MAX);
    codec.encode(event, out);
    return bytes(out);
  }

  private byte[] mark(long seq) {
    ByteBuffer out = ByteBuffer.allocate(64);
    codec.encodeMark(seq, out);
    return bytes(out);
  }

  private static byte[] bytes(ByteBuffer out) {
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }
}
