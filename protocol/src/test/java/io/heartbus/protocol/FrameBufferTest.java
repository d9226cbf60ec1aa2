package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How much memory a {@link FrameReader} holds: it follows what did arrive, never what was
 * announced.
 */
class FrameBufferTest {
  private static final int BODY_BYTES = 60_000;
  private static final byte[] LARGE =
      FrameWriter.encode(Frame.Data.of(1, 0, new byte[BODY_BYTES - 5]));
  private static final byte[] SMALL = FrameWriter.encode(Frame.Data.of(1, 0, new byte[100]));
  private static final byte[] BEAT = FrameWriter.encode(Frame.HeartbeatRequest.PLAIN);

  private final FrameReader reader = new FrameReader(Role.NODE);

  FrameBufferTest() {
    reader.registered(65_536);
  }

  @Test
  void anAnnouncedLengthAllocatesNothing() throws ProtocolException {
    feed(LARGE, 0, Wire.HEADER_BYTES);
    assertThat(reader.advance()).isFalse();
    assertThat(reader.intake(0).capacity()).isEqualTo(FrameReader.IDLE_BYTES);
  }

  @Test
  void theBufferIsNeverOverTwiceWhatArrivedNorOverTheFrame() throws ProtocolException {
    for (int at = 0; at < LARGE.length; at++) {
      assertThat(reader.advance()).isFalse();
      ByteBuffer room = reader.intake(0);
      assertThat(room.hasRemaining()).isTrue();
      assertThat(room.capacity())
          .as("after %d bytes", at)
          .isLessThanOrEqualTo(Math.max(FrameReader.IDLE_BYTES, Math.min(2 * at, LARGE.length)));
      room.put(LARGE[at]);
    }
    assertThat(reader.advance()).isTrue();
    assertThat(reader.bodyBytes()).isEqualTo(BODY_BYTES);
  }

  @Test
  void whatWaitsInTheKernelIsTakenAtOnceAndNotMore() throws ProtocolException {
    feed(LARGE, 0, FrameReader.IDLE_BYTES);
    assertThat(reader.advance()).isFalse();
    assertThat(reader.filled()).isTrue();
    ByteBuffer room = reader.intake(10_000);
    // A read that takes all of that does not look as if there were more.
    assertThat(room.capacity()).isEqualTo(FrameReader.IDLE_BYTES + 10_000 + 1);
    assertThat(reader.intake(1_000_000).capacity()).isEqualTo(room.capacity());
    room.put(LARGE, FrameReader.IDLE_BYTES, 10_001);
    assertThat(reader.advance()).isFalse();
    assertThat(reader.intake(1_000_000).capacity()).isEqualTo(LARGE.length);
  }

  @Test
  void framesThatWaitBehindTheOneUnderWayAreTakenWithIt() throws ProtocolException {
    byte[] burst = new byte[30 * SMALL.length];
    for (int at = 0; at < burst.length; at += SMALL.length) {
      System.arraycopy(SMALL, 0, burst, at, SMALL.length);
    }
    feed(burst, 0, FrameReader.IDLE_BYTES);
    ByteBuffer room = reader.intake(burst.length - FrameReader.IDLE_BYTES);
    room.put(burst, FrameReader.IDLE_BYTES, burst.length - FrameReader.IDLE_BYTES);
    assertThat(reader.filled()).isFalse();
    for (int frame = 0; frame < 30; frame++) {
      assertThat(reader.advance()).isTrue();
    }
    assertThat(reader.midFrame()).isFalse();
  }

  @Test
  void withASmallFrameUnderWayOneReadTakesABusyBufferAtMost() {
    feed(SMALL, 0, FrameReader.IDLE_BYTES);
    assertThat(reader.intake(1 << 30).capacity()).isEqualTo(FrameReader.BUSY_BYTES);
  }

  @Test
  void aLargeBufferIsGivenBackOnceItsFrameIsRead() throws ProtocolException {
    feedWhole(LARGE);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.advance()).isFalse();
    assertThat(reader.intake(0).capacity()).isEqualTo(FrameReader.IDLE_BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 65, 1000, 16_384, 16_385, 1 << 30})
  void betweenFramesOneReadTakesWhatWaitsUpToABusyBuffer(int waitingBytes) {
    int expected = Math.clamp(waitingBytes, FrameReader.IDLE_BYTES, FrameReader.BUSY_BYTES);
    assertThat(reader.intake(waitingBytes).capacity()).isEqualTo(expected);
  }

  @Test
  void aBusyBufferStaysWhileAboutAsMuchWaitsAndGoesWhenLessDoes() throws ProtocolException {
    ByteBuffer busy = reader.intake(1_000);
    busy.put(BEAT);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.advance()).isFalse();
    assertThat(reader.intake(501)).isSameAs(busy);
    busy.put(BEAT);
    assertThat(reader.advance()).isTrue();
    ByteBuffer calmer = reader.intake(500);
    assertThat(calmer.capacity()).isEqualTo(500);
    calmer.put(BEAT);
    assertThat(reader.advance()).isTrue();
    ByteBuffer idle = reader.intake(0);
    assertThat(idle.capacity()).isEqualTo(FrameReader.IDLE_BYTES);
    assertThat(reader.intake(0)).isSameAs(idle);
  }

  @Test
  void aFrameThatBeginsAtTheEndOfTheBufferMovesToItsFrontInsteadOfGrowingIt()
      throws ProtocolException {
    byte[] credit = FrameWriter.encode(new Frame.Credit(1, 1));
    for (int i = 0; i < 1000; i++) {
      int first = i % credit.length;
      feed(credit, 0, first);
      assertThat(reader.advance()).isFalse();
      feed(credit, first, credit.length);
      assertThat(reader.advance()).isTrue();
      assertThat(reader.frame()).isEqualTo(new Frame.Credit(1, 1));
      assertThat(reader.intake(0).capacity()).isEqualTo(FrameReader.IDLE_BYTES);
    }
  }

  @Test
  void aReadThatFillsTheBufferSaysSo() {
    assertThat(reader.filled()).isFalse();
    feed(LARGE, 0, FrameReader.IDLE_BYTES - 1);
    assertThat(reader.filled()).isFalse();
    feed(LARGE, FrameReader.IDLE_BYTES - 1, FrameReader.IDLE_BYTES);
    assertThat(reader.filled()).isTrue();
  }

  private void feed(byte[] bytes, int from, int to) {
    if (from < to) {
      reader.intake(0).put(bytes, from, to - from);
    }
  }

  private void feedWhole(byte[] bytes) throws ProtocolException {
    for (int at = 0; at < bytes.length; ) {
      assertThat(reader.advance()).isFalse();
      int count = Math.min(reader.intake(0).remaining(), bytes.length - at);
      feed(bytes, at, at + count);
      at += count;
    }
  }
}
