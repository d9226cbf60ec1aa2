package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Receivers of messages that grant all the credit there is, and then do not read. */
class SlowPeerTest {
  private static final int COST = 2048;
  private static final int QUEUE = 8;
  private static final int OUTBOX = 16 * 1024;

  private static TestServer server(String... settings) throws IOException {
    return TestServer.start(
        String.join("\n", settings),
        "limits.outbox = " + OUTBOX,
        "channel.routes = [ { match = topic, handler = topic, queue-size = " + QUEUE + " },",
        "{ match = default, handler = discard }, { match = echo, handler = echo } ]");
  }

  /** A subscriber with small buffers that never reads. */
  private static SocketChannel deaf(TestServer server) throws IOException {
    SocketChannel socket = SocketChannel.open();
    socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    socket.connect(server.address());
    socket.write(ByteBuffer.wrap(RawRegister.of("deaf").frame()));
    TestServer.await(() -> server.find("deaf") != null, () -> "it was not let in");
    socket.write(ByteBuffer.wrap(RawChannel.open(3, Integer.MAX_VALUE, "topic")));
    TestServer.await(() -> server.channels().counts().open.get() == 2, () -> "it is not open");
    return socket;
  }

  @Test
  @DisplayName("row 39: who does not read is a slow consumer within the limit, and disturbs nobody")
  void whoDoesNotReadIsASlowConsumerWithinTheLimit() throws IOException {
    try (TestServer server = server("limits.write-timeout = 1 s");
        SocketChannel deaf = deaf(server);
        Member reader = Member.join(server, "reader").open(3, "topic", Integer.MAX_VALUE);
        Member sender = Member.join(server, "sender").open(3, "topic", 0)) {
      assertThat(deaf.isConnected()).isTrue();
      int published = 0;
      long stalledSinceNanos = 0;
      long mostBytes = 0;
      while (server.closed(CloseReason.SLOW_CONSUMER) == 0) {
        String text = textOfCost("message " + published++ + " ", COST);
        sender.say(3, text);
        reader.hears(3, text);
        sender.awaitGranted(3, Member.GRANT + (long) published * COST);
        mostBytes = Math.max(mostBytes, server.channels().bufferedBytes());
        if (mostBytes > 0 && stalledSinceNanos == 0) {
          stalledSinceNanos = System.nanoTime();
        }
      }
      // It is allowed so much, and then a pass of the sweep; the rest is a busy machine's.
      assertThat(System.nanoTime() - stalledSinceNanos).isLessThan(5_000_000_000L);
      assertThat(server.status("deaf").cause()).isEqualTo(Cause.SLOW_CONSUMER);
      assertThat(mostBytes).isBetween(1L, (QUEUE + 2L) * COST);
      assertThat(server.counts().stalledWrites.sum()).isEqualTo(1);
      sender.say(3, "still");
      reader.hears(3, "still").fence();
      TestServer.await(
          () -> server.channels().bufferedBytes() == 0,
          () -> server.channels().bufferedBytes() + " bytes are held for it");
    }
  }

  @Test
  @DisplayName("row 38: who reads late gets what was kept, and is told once how much was not")
  void whoReadsLateGetsWhatWasKept() throws IOException {
    try (TestServer server = server("limits.write-timeout = 60 s");
        Member late = Member.join(server, "late").open(3, "topic", Integer.MAX_VALUE);
        Member sender = Member.join(server, "sender").open(3, "topic", 0)) {
      int published = 0;
      while (server.channels().counts().dropped.sum() < 20) {
        published++;
        sender.say(3, textOfCost(published + " ", COST));
        sender.awaitGranted(3, Member.GRANT + (long) published * COST);
      }
      int received = 0;
      int last = 0;
      int missed = 0;
      while (last < published) {
        switch (late.next()) {
          case Frame.Data data -> {
            int number = number(data);
            assertThat(number).isGreaterThan(last);
            last = number;
            received++;
          }
          case Frame.Fault fault -> {
            assertThat(fault.error()).isEqualTo(ErrorCode.DROPPED);
            missed += Integer.parseInt(fault.message());
          }
          case null, default -> throw new AssertionError("neither a message nor an advisory");
        }
      }
      assertThat(received + missed).isEqualTo(published);
      assertThat(server.channels().counts().dropped.sum()).isEqualTo(missed);
      late.fence();
    }
  }

  private static int number(Frame.Data data) {
    String text = new String(data.payload(), StandardCharsets.UTF_8);
    return Integer.parseInt(text.substring(0, text.indexOf(' ')));
  }
}
