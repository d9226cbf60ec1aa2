package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large a frame may be, and what one that is only announced costs. */
class FrameLimitTest {
  private static final int HALF_OPEN = 500;
  private static final long MIB = 1 << 20;

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start("limits.max-frame = 48 KiB");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @DisplayName("row 8: a length with a bit in its top byte is too large, before the body comes")
  @ValueSource(longs = {0x8000_0000L, 0xFFFF_FFFFL, 0x0100_0000L, 0x7FFF_FFFFL})
  void aLengthWithABitInItsTopByteIsTooLargeBeforeTheBodyComes(long length) throws IOException {
    try (Peer node = server.connect();
        Peer stranger = server.connect()) {
      node.register("boastful");
      node.send(RawFrame.header(RawFrame.DATA, length)).expectFatal(ErrorCode.FRAME_TOO_LARGE);
      stranger
          .send(RawFrame.header(RawFrame.REGISTER, length))
          .expectFatal(ErrorCode.FRAME_TOO_LARGE);
    }
  }

  @Test
  @DisplayName("row 9: max_frame is accepted, and one byte more is too large")
  void maxFrameIsAcceptedAndOneByteMoreIsTooLarge() throws IOException {
    try (Peer node = server.connect()) {
      Frame.Registered terms = node.register("at-the-limit");
      assertThat(terms.frameBytesMax()).isEqualTo(48 * 1024);
      node.send(RawFrame.of(0x7F, new byte[48 * 1024])).fence();
      node.send(RawFrame.header(0x7F, 48 * 1024 + 1)).expectFatal(ErrorCode.FRAME_TOO_LARGE);
    }
  }

  @Test
  @DisplayName("row 10: a REGISTER of 4096 bytes is accepted, and one byte more is too large")
  void aRegisterOf4096BytesIsAcceptedAndOneByteMoreIsTooLarge() throws IOException {
    int rest = 4096 - RawRegister.of("full").tlv(99, new byte[0]).body().length;
    try (Peer node = server.connect();
        Peer stranger = server.connect()) {
      byte[] full = RawRegister.of("full").tlv(99, new byte[rest]).frame();
      assertThat(full).hasSize(7 + 4096);
      node.send(full).expect(Frame.Registered.class);
      byte[] fuller = RawRegister.of("fuller").tlv(99, new byte[rest + 1]).frame();
      stranger.send(fuller).expectFatal(ErrorCode.FRAME_TOO_LARGE);
    }
  }

  @Test
  @DisplayName("row 11: lengths that are announced and never come cost nothing but a timeout")
  void lengthsThatAreAnnouncedAndNeverComeCostNothingButATimeout() throws IOException {
    try (TestServer patient =
            TestServer.start("limits.max-frame = 15 MiB", "limits.frame-timeout = 20 s");
        Crowd crowd = new Crowd()) {
      long before = heapBytes();
      for (int i = 0; i < HALF_OPEN; i++) {
        Peer node = crowd.add(patient.connect());
        node.register("promises-" + i);
        node.send(RawFrame.header(RawFrame.DATA, 15 * MIB), new byte[3]);
      }
      long grownBytes = heapBytes() - before;
      // Announced are 7.5 GB; each half of the test has its objects here, so this is generous.
      assertThat(grownBytes).isLessThan(40 * MIB);
      assertThat(patient.nodes().live()).isEqualTo(HALF_OPEN);
    }
    try (TestServer strict = TestServer.start("limits.frame-timeout = 150 ms");
        Peer node = strict.connect()) {
      node.register("breaks-promise");
      node.send(RawFrame.header(RawFrame.DATA, 60_000)).expectFatal(ErrorCode.FRAME_TIMEOUT);
    }
  }

  @Test
  @DisplayName("row 14: five hundred half-sent REGISTERs disturb nobody, and all are told the time")
  void fiveHundredHalfSentRegistersDisturbNobodyAndAllAreToldTheTime() throws IOException {
    try (TestServer strict = TestServer.start("limits.register-timeout = 1500 ms");
        Peer honest = strict.connect();
        Crowd crowd = new Crowd()) {
      honest.register("honest");
      byte[] register = RawRegister.of("never").metadata("k", "v".repeat(300)).frame();
      for (int i = 0; i < HALF_OPEN; i++) {
        crowd.add(strict.connect()).send(head(register, 1 + i % (register.length - 1)));
        if (i % 10 == 0) {
          honest.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
        }
      }
      for (Peer stranger : crowd.peers()) {
        stranger.expectFatal(ErrorCode.REGISTER_TIMEOUT);
      }
      honest.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
      assertThat(strict.closed(CloseReason.REGISTER_TIMEOUT)).isEqualTo(HALF_OPEN);
      assertThat(strict.nodes().known()).isEqualTo(1);
    }
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Peers that end together. */
  private static final class Crowd implements AutoCloseable {
    private final List<Peer> peers = new ArrayList<>();

    Peer add(Peer peer) {
      peers.add(peer);
      return peer;
    }

    List<Peer> peers() {
      return peers;
    }

    @Override
    public void close() throws IOException {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }
}
