package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What opens a channel reaches a node before anything that is said on it, also while the server is
 * about to write something else to that node.
 */
class OrderTest {
  private static final int ROUNDS = 60;

  private TestServer server;
  private Member sender;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            "limits.control-frames = 0",
            """
            channel.routes = [
              { match = "group", handler = group }
              { match = "node/*", handler = node }
            ]
            """);
    sender = Member.join(server, "sender");
  }

  @AfterEach
  void stop() throws IOException {
    sender.close();
    server.close();
  }

  @Test
  @DisplayName("ACCEPT comes before DATA, however soon after the answer to REGISTER")
  void acceptComesBeforeData() throws IOException {
    sender.open(3, "group", 0);
    for (int i = 0; i < ROUNDS; i++) {
      String work = "work " + i;
      sender.say(3, work).fence();
      try (Member worker = Member.join(server, "worker")) {
        worker.open(3, "group").hears(3, work);
        worker.send(RawChannel.credit(3, work.length() + RawChannel.COST)).fence();
      }
    }
  }

  @Test
  @DisplayName("OPEN comes before DATA, also in the middle of other answers")
  void openComesBeforeData() throws IOException {
    try (Member far = Member.join(server, Member.openTo("far"))) {
      byte[] ping = RawFrame.of(RawFrame.PING);
      for (int i = 0; i < ROUNDS; i++) {
        long near = 3 + 2L * i;
        far.send(ping, ping, ping);
        sender.send(open(near, 4096, "node/far"), data(near, 0, "first"));
        far.send(ping, ping, ping);
        List<Class<?>> order = new ArrayList<>();
        while (order.size() < 2) {
          Frame frame = far.next();
          if (!(frame instanceof Frame.Pong)) {
            order.add(frame.getClass());
          }
        }
        assertThat(order)
            .as("round %d", i)
            .containsExactly(Frame.ChannelOpen.class, Frame.Data.class);
        far.send(RawChannel.close(2 + 2L * i, 0x8000));
        assertThat(sender.next()).isInstanceOf(Frame.ChannelAccept.class);
        assertThat(sender.next()).isInstanceOf(Frame.Fault.class);
      }
    }
  }
}
