package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.u64;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that do not listen, and peers that do not go. */
class DeafPeerTest {
  private static final long NANOS_PER_MS = 1_000_000;

  @Test
  @DisplayName("who stays after its error is let go in two seconds, whether it sends on or not")
  void whoStaysAfterItsErrorIsLetGoInTwoSeconds() throws IOException {
    try (TestServer server = TestServer.start();
        Peer stays = server.connect();
        Peer talks = server.connect()) {
      stays.register("stays");
      talks.register("talks");
      long startNanos = System.nanoTime();
      stays.send(RawFrame.of(0xFF)).expectFatal(ErrorCode.UNKNOWN_TYPE);
      talks.send(RawFrame.of(0xFF)).expectFatal(ErrorCode.UNKNOWN_TYPE);
      TestServer.await(
          () -> {
            try {
              talks.send(new byte[100]);
            } catch (IOException cutOff) {
              // That is what it was waiting for.
            }
            return server.connections() == 0;
          },
          () -> "they are still held");
      assertThat(System.nanoTime() - startNanos).isGreaterThan(1_000 * NANOS_PER_MS);
    }
  }

  /** A node with small buffers that never reads, and that sends PINGs until that is so. */
  private static void pingWithoutReading(SocketChannel socket, BooleanSupplier enough)
      throws IOException {
    askWithoutReading(socket, RawFrame.of(RawFrame.PING, u64(7)), enough);
  }

  private static void askWithoutReading(
      SocketChannel socket, byte[] question, BooleanSupplier enough) throws IOException {
    ByteBuffer questions = ByteBuffer.allocate(1_000 * question.length);
    while (questions.hasRemaining()) {
      questions.put(question);
    }
    questions.flip();
    socket.configureBlocking(false);
    TestServer.await(
        () -> {
          try {
            if (!questions.hasRemaining()) {
              questions.rewind();
            }
            socket.write(questions);
          } catch (IOException cutOff) {
            // The server has had enough.
          }
          return enough.getAsBoolean();
        },
        () -> "the server goes on for ever");
  }

  private static SocketChannel register(TestServer server, String id) throws IOException {
    SocketChannel socket = SocketChannel.open();
    socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    socket.connect(server.address());
    socket.write(ByteBuffer.wrap(RawRegister.of(id).frame()));
    TestServer.await(() -> server.find(id) != null, () -> id + " was not let in");
    return socket;
  }

  @Test
  @DisplayName("row 39: who asks and never reads is a slow consumer, and its memory is bounded")
  void whoAsksAndNeverReadsIsASlowConsumer() throws IOException {
    try (TestServer server =
            TestServer.start("limits { control-frames = 0, write-timeout = 30 s }");
        Peer honest = server.connect();
        SocketChannel deaf = register(server, "deaf")) {
      honest.register("honest");
      pingWithoutReading(deaf, () -> server.closed(CloseReason.SLOW_CONSUMER) == 1);
      server.awaitState("deaf", NodeState.OFFLINE);
      assertThat(server.status("deaf").cause()).isEqualTo(Cause.SLOW_CONSUMER);
      honest.fence();
      TestServer.await(() -> server.connections() == 1, () -> "its socket is still held");
    }
  }

  @ParameterizedTest
  @DisplayName("what is answered but counts for no flood is bounded by the outbox")
  @ValueSource(strings = {"CLOSED", "UNKNOWN"})
  void whatCountsForNoFloodIsBoundedByTheOutbox(String answer) throws IOException {
    try (TestServer server =
            TestServer.start(
                "limits.write-timeout = 30 s",
                "channel.routes = [{ match = topic, handler = topic }]");
        SocketChannel deaf = register(server, "deaf")) {
      byte[] question = RawChannel.credit(3, 1);
      if (answer.equals("CLOSED")) {
        // The channel stays open: the server has not ended its side.
        byte[] ended = RawFrame.join(RawChannel.open(3, 4096, "topic"), RawChannel.close(3));
        deaf.write(ByteBuffer.wrap(ended));
        question = RawChannel.data(3, "more");
      }
      askWithoutReading(deaf, question, () -> server.closed(CloseReason.SLOW_CONSUMER) == 1);
      assertThat(server.counts().skipped.sum()).isZero();
    }
  }

  @Test
  @DisplayName("row 39: a write that makes no progress within its limit is a slow consumer")
  void aWriteThatMakesNoProgressWithinItsLimitIsASlowConsumer() throws IOException {
    try (TestServer server =
            TestServer.start(
                "limits { control-frames = 0, write-timeout = 300 ms, outbox = 32 MiB }");
        SocketChannel deaf = register(server, "deaf")) {
      pingWithoutReading(deaf, () -> server.closed(CloseReason.SLOW_CONSUMER) == 1);
      assertThat(server.counts().stalledWrites.sum()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("row 21: a session can be taken over from a connection that does not read")
  void aSessionCanBeTakenOverFromAConnectionThatDoesNotRead() throws IOException {
    try (TestServer server =
            TestServer.start(
                "limits { control-frames = 0, write-timeout = 30 s, outbox = 32 MiB }");
        SocketChannel deaf = register(server, "deaf");
        Peer heir = server.connect()) {
      long[] sentBytes = {-1, 0};
      // Nothing moves any more: the server's write is stuck.
      pingWithoutReading(
          deaf,
          () -> {
            long outBytes = server.counts().bytesOut.sum();
            sentBytes[1] = outBytes == sentBytes[0] ? sentBytes[1] + 1 : 0;
            sentBytes[0] = outBytes;
            return sentBytes[1] > 100;
          });
      heir.register("deaf");
      heir.fence();
      assertThat(server.status("deaf").state()).isEqualTo(NodeState.ONLINE);
    }
  }
}
