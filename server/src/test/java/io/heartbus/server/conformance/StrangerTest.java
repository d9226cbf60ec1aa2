package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Row 5: those who come to the wrong door, while an honest node is inside. */
class StrangerTest {
  private static final int MIB = 1 << 20;

  /** The beginning of a TLS 1.3 ClientHello as openssl sends it. */
  private static final byte[] CLIENT_HELLO =
      HexFormat.of()
          .parseHex(
              "160301010b010001070303aab12ab1200000000000000000000000000000000000000000000000000020"
                  + "0000000000000000000000000000000000000000000000000000000000000000003e130213031301");

  private TestServer server;
  private Peer honest;
  private Log log;

  @BeforeEach
  void start() throws IOException {
    log = new Log();
    server = TestServer.start();
    honest = server.connect();
    honest.register("honest");
  }

  @AfterEach
  void nobodyWasDisturbed() throws IOException {
    try (Log written = log;
        TestServer ending = server;
        Peer node = honest) {
      node.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
      assertThat(ending.status("honest").state()).isEqualTo(NodeState.ONLINE);
      assertThat(ending.nodes().known()).isEqualTo(1);
      assertThat(written.alarms()).isEmpty();
    }
  }

  @Test
  @DisplayName("row 5: an HTTP request is told that this is no place for it")
  void anHttpRequestIsToldThatThisIsNoPlaceForIt() throws IOException {
    byte[] request =
        "GET / HTTP/1.1\r\nHost: heartbus\r\nAccept: */*\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    try (Peer browser = server.connect()) {
      browser.send(request).expectFatal(ErrorCode.BAD_MAGIC);
    }
    assertThat(server.closed(CloseReason.BAD_MAGIC)).isEqualTo(1);
  }

  @Test
  @DisplayName("row 5: a TLS ClientHello is told that this is no place for it")
  void aTlsClientHelloIsToldThatThisIsNoPlaceForIt() throws IOException {
    try (Peer browser = server.connect()) {
      browser.send(CLIENT_HELLO).expectFatal(ErrorCode.BAD_MAGIC);
    }
    assertThat(server.closed(CloseReason.BAD_MAGIC)).isEqualTo(1);
  }

  @Test
  @DisplayName("row 5: random megabytes cost a constant, and the beats of others are answered")
  void randomMegabytesCostAConstantAndTheBeatsOfOthersAreAnswered() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    long before = heapBytes();
    for (int i = 0; i < 30; i++) {
      byte[] noise = new byte[MIB];
      random.nextBytes(noise);
      // The first byte of the magic would be luck, and is looked at elsewhere.
      noise[0] &= 0x7F;
      try (Peer stranger = server.connect()) {
        stranger.send(noise).expectFatal(ErrorCode.BAD_MAGIC);
      }
      honest.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
    }
    assertThat(heapBytes() - before).isLessThan(8L * MIB);
    assertThat(server.closed(CloseReason.BAD_MAGIC)).isEqualTo(30);
  }

  @Test
  @DisplayName("row 5: endless noise is cut off, and does not hold the connection open")
  void endlessNoiseIsCutOffAndDoesNotHoldTheConnectionOpen() throws IOException {
    byte[] noise = new byte[64 * 1024];
    try (Peer stranger = server.connect()) {
      Socket socket = stranger.socket();
      long sentBytes = 0;
      try {
        while (sentBytes < 64L * MIB) {
          socket.getOutputStream().write(noise);
          sentBytes += noise.length;
        }
      } catch (IOException cutOff) {
        assertThat(cutOff).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
      }
      // 2 MiB are read in the end, and the rest fits into buffers of the kernel.
      assertThat(sentBytes).isLessThan(64L * MIB);
    }
  }

  @Test
  @DisplayName("row 5: noise behind a good header breaks only its own connection")
  void noiseBehindAGoodHeaderBreaksOnlyItsOwnConnection() throws IOException {
    SplittableRandom random = new SplittableRandom(55);
    for (int i = 0; i < 500; i++) {
      byte[] body = new byte[random.nextInt(200)];
      random.nextBytes(body);
      if (body.length > 1) {
        // Otherwise nearly all would end at the version.
        body[0] = 2;
        body[1] = 2;
      }
      try (Peer stranger = server.connect()) {
        stranger.send(RawFrame.of(RawFrame.REGISTER, body));
        Frame.Fault fault = stranger.expect(Frame.Fault.class);
        assertThat(fault.error())
            .as("noise %d", i)
            .isIn(
                ErrorCode.FRAME_SIZE,
                ErrorCode.PROTOCOL_ERROR,
                ErrorCode.UNSUPPORTED_VERSION,
                ErrorCode.NODE_ID_INVALID,
                ErrorCode.AUTH_FAILED);
        stranger.expectEnd();
      }
    }
  }

  @Test
  @DisplayName("half a legacy REGISTER, or one that is not JSON, is answered without alarm")
  void aBrokenLegacyRegisterIsAnsweredWithoutAlarm() throws IOException {
    String[] bodies = {
      "{",
      "{}}",
      "{\"payload\":5}",
      "{\"channel_id\":1e999,\"payload\":\"\"}",
      "{\"channel_id\":99999999999999999999999999,\"payload\":\"\"}",
      "{\"payload\":\"{\\\"metadata\\\":{\\\"a\\\":" + "[".repeat(1000) + "\"}",
      "{".repeat(1000),
      "{\"payload\":\"{\\\"node_id\\\":\\\"\\\\ud800\\\"}\"}"
    };
    for (String body : bodies) {
      try (Peer stranger = server.connect()) {
        stranger.send(RawFrame.of(RawFrame.REGISTER, body.getBytes(StandardCharsets.UTF_8)));
        byte[] answer = stranger.socket().getInputStream().readAllBytes();
        assertThat(new String(answer, StandardCharsets.UTF_8)).as(body).contains("400");
      }
    }
  }

  private static long heapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
