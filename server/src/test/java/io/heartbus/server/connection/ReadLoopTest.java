package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * In how many reads a connection takes what its peer sends, and with what room it waits for more.
 */
@Timeout(60)
class ReadLoopTest {
  private static final Frame.Pace PACE = new Frame.Pace(30_000, 90_000);
  private static final int IDLE_BYTES = 16;
  private static final int MESSAGES = 12;
  private static final byte[] BEAT = FrameWriter.encode(Frame.HeartbeatRequest.PLAIN);
  private static final byte[] ANSWER = FrameWriter.encode(Frame.HeartbeatResponse.PLAIN);
  private static final byte[] MESSAGE =
      FrameWriter.encode(Frame.Data.of(Wire.DEFAULT_CHANNEL + 2, 0, new byte[100]));

  private final SocketlessBus bus = new SocketlessBus(PACE);
  private final FedSocket socket = new FedSocket();

  /** A node with a channel to {@code echo}, which waits with the smallest room. */
  @BeforeEach
  void register() throws InterruptedException {
    bus.start();
    bus.enter(socket);
    send(
        new Frame.Register(
            Wire.VERSION,
            Wire.VERSION,
            0,
            Wire.CAPABILITY_CREDIT,
            PACE,
            1 << 20,
            65_536,
            1,
            1,
            "node",
            new byte[0],
            Frame.Attributes.NONE));
    byte[] _ = socket.awaitWritten(1);
    send(new Frame.ChannelOpen(Wire.DEFAULT_CHANNEL + 2, 1 << 20, 0, "echo"));
    byte[] _ = socket.awaitWritten(1);
    beat();
    beat();
  }

  @AfterEach
  void end() {
    bus.close();
  }

  private List<Integer> send(Frame frame) throws InterruptedException {
    return send(FrameWriter.encode(frame));
  }

  private List<Integer> send(byte[] bytes) throws InterruptedException {
    socket.feed(bytes);
    return socket.awaitReader();
  }

  private List<Integer> beat() throws InterruptedException {
    List<Integer> rooms = send(BEAT);
    assertThat(socket.awaitWritten(ANSWER.length)).isEqualTo(ANSWER);
    return rooms;
  }

  private static byte[] burst() {
    ByteBuffer all = ByteBuffer.allocate(MESSAGES * MESSAGE.length);
    for (int i = 0; i < MESSAGES; i++) {
      all.put(MESSAGE);
    }
    return all.array();
  }

  /** Sends a burst, and waits for the echo and for what was given back of the credit. */
  private List<Integer> exchange() throws InterruptedException {
    List<Integer> rooms = send(burst());
    int echoed = 0;
    while (echoed < MESSAGES * MESSAGE.length) {
      echoed += dataBytes(ByteBuffer.wrap(socket.awaitWritten(1)));
    }
    return rooms;
  }

  private static int dataBytes(ByteBuffer frames) {
    int bytes = 0;
    while (frames.hasRemaining()) {
      int start = frames.position();
      int size = Wire.HEADER_BYTES + frames.getInt(start + 3);
      bytes += frames.get(start + 2) == MESSAGE[2] ? size : 0;
      frames.position(start + size);
    }
    return bytes;
  }

  @Test
  void whoOnlyBeatsWaitsWithTheSmallestRoomAndIsReadOnce() throws InterruptedException {
    beat();
    assertThat(beat()).containsExactly(IDLE_BYTES);
    assertThat(beat()).containsExactly(IDLE_BYTES);
  }

  @Test
  void aBurstIsTakenInTwoReads() throws InterruptedException {
    beat();
    List<Integer> rooms = exchange();
    assertThat(rooms).hasSize(2);
    assertThat(rooms.get(1)).isEqualTo(MESSAGES * MESSAGE.length - IDLE_BYTES + 1);
  }

  @Test
  void afterOneBurstTheRoomIsSmallAgain() throws InterruptedException {
    exchange();
    assertThat(beat()).containsExactly(IDLE_BYTES);
  }

  @Test
  void whoSendsBurstAfterBurstIsReadOnceForEachUntilItOnlyBeats() throws InterruptedException {
    exchange();
    exchange();
    assertThat(exchange()).hasSize(1);
    assertThat(exchange()).hasSize(1);
    beat();
    assertThat(beat()).containsExactly(IDLE_BYTES);
  }

  @Test
  void aWaitingConnectionHoldsSomeKilobytesAtMost() throws InterruptedException {
    byte[] ping = FrameWriter.encode(new Frame.Credit(Wire.DEFAULT_CHANNEL + 2, 1));
    byte[] flood = new byte[1_000 * ping.length];
    for (int at = 0; at < flood.length; at += ping.length) {
      System.arraycopy(ping, 0, flood, at, ping.length);
    }
    send(flood);
    send(flood);
    send(flood);
    assertThat(beat().getFirst()).isLessThanOrEqualTo(4_096);
  }
}
