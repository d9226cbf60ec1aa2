package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.END;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.channel.ChannelClosedException;
import io.heartbus.server.channel.ChannelHandler;
import io.heartbus.server.channel.ServerChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application's own handlers: what they can do with a channel, and what they see of its peer.
 */
class HandlerTest {
  /** What handlers report to their test. */
  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

  private TestServer start(ChannelHandler handler) throws IOException {
    return TestServer.start(Map.of("app/*", handler), "channel.routes = []");
  }

  private String report() throws InterruptedException {
    String report = reports.poll(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
    assertThat(report).as("the handler's report").isNotNull();
    return report;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("a handler knows its channel, and the identity, group and metadata of its node")
  void aHandlerKnowsItsChannelAndItsNode() throws Exception {
    ChannelHandler tells =
        channel ->
            channel.send(
                bytes(
                    "%s %d %s %s %s"
                        .formatted(
                            channel.name(),
                            channel.id(),
                            channel.node().id(),
                            channel.node().group(),
                            channel.node().metadata())));
    RawRegister register =
        RawRegister.of("who").metadata("os", "linux").tlv(RawRegister.TLV_GROUP, bytes("rack 7"));
    try (TestServer server = start(tells);
        Member node = Member.join(server, register)) {
      node.open(3, "app/whoami").hears(3, "app/whoami 3 who rack 7 {os=linux}").closed(3);
      node.send(close(3)).fence();
      TestServer.await(() -> server.channels().counts().open.get() == 0, () -> "it is still open");
    }
  }

  @Test
  @DisplayName("it may speak first, gets messages whole and in order, and learns the end")
  void itMaySpeakFirstAndLearnsTheEnd() throws Exception {
    ChannelHandler echoes =
        channel -> {
          channel.send(bytes("hello"));
          byte[] message = channel.receive();
          while (message != null) {
            channel.send(message);
            message = channel.receive();
          }
          assertThat(channel.ended()).isTrue();
          channel.send(bytes("bye"));
        };
    try (TestServer server = start(echoes);
        Member node = Member.join(server, "talks")) {
      node.open(3, "app/a").hears(3, "hello").say(3, "one").say(3, "two").hears(3, "one", "two");
      node.send(data(3, RawChannel.MORE, "in "), data(3, "parts"), data(3, ""));
      node.hears(3, "in parts", "").send(data(3, END, "last")).hears(3, "last", "bye").closed(3);
      node.open(5, "app/b").hears(5, "hello").send(close(5)).hears(5, "bye").closed(5);
    }
  }

  @Test
  @DisplayName("receive with a limit returns nothing when nothing comes, and the channel goes on")
  void receiveWithALimitReturnsNothingWhenNothingComes() throws Exception {
    ChannelHandler waits =
        channel -> {
          long startNanos = System.nanoTime();
          byte[] none = channel.receive(Duration.ofMillis(50));
          boolean waited = System.nanoTime() - startNanos >= 50_000_000;
          reports.add((none == null) + " " + waited + " " + channel.ended());
          reports.add(text(channel.receive(Duration.ofSeconds(30))));
          reports.add((channel.receive(Duration.ofSeconds(30)) == null) + " " + channel.ended());
        };
    try (TestServer server = start(waits);
        Member node = Member.join(server, "slow")) {
      node.open(3, "app/a");
      assertThat(report()).isEqualTo("true true false");
      node.send(data(3, END, "at last"));
      assertThat(report()).isEqualTo("at last");
      assertThat(report()).isEqualTo("true true");
    }
  }

  @Test
  @DisplayName("send waits for credit, and with a limit gives up what has not begun")
  void sendWaitsForCredit() throws Exception {
    ChannelHandler sends =
        channel -> {
          channel.send(bytes(textOfCost("first", 1024)));
          reports.add("sent: " + channel.send(bytes("too late"), Duration.ofMillis(30)));
          channel.send(bytes("second"));
          reports.add("sent");
        };
    try (TestServer server = start(sends);
        Member node = Member.join(server, "stingy")) {
      node.open(3, "app/a", 1024).hears(3, textOfCost("first", 1024));
      assertThat(report()).isEqualTo("sent: false");
      assertThat(reports.poll(30, TimeUnit.MILLISECONDS)).isNull();
      node.send(credit(3, 1024)).hears(3, "second").closed(3);
      assertThat(report()).isEqualTo("sent");
    }
  }

  @Test
  @DisplayName("a handler that takes nothing gets no more than was granted, and gives nothing back")
  void aHandlerThatTakesNothingGetsNoMoreThanWasGranted() throws Exception {
    ChannelHandler later =
        channel -> {
          reports.add(text(channel.receive()));
          channel.receive(Duration.ofSeconds(30));
          channel.receive();
        };
    try (TestServer server = start(later);
        Member node = Member.join(server, "eager")) {
      // What the handler takes it gives back itself, without waiting for anything else.
      node.open(3, "app/a").say(3, textOfCost("a", 2048));
      assertThat(report()).startsWith("a");
      node.awaitGranted(3, Member.GRANT + 2048);
    }
  }

  @Test
  @DisplayName(
      "when a handler returns its side ends; what still comes is taken, until the other does")
  void whenAHandlerReturnsItsSideEnds() throws Exception {
    try (TestServer server = start(_ -> reports.add("returned"));
        Member node = Member.join(server, "goes-on")) {
      node.open(3, "app/a").closed(3);
      for (int i = 1; i <= 4; i++) {
        node.say(3, textOfCost("x", 2048)).awaitGranted(3, Member.GRANT + i * 2048L);
      }
      node.send(close(3)).fence();
      TestServer.await(() -> server.channels().counts().open.get() == 0, () -> "it is still open");
    }
  }

  @ParameterizedTest
  @DisplayName("a handler learns that its channel was reset, or its node has gone")
  @ValueSource(strings = {"reset", "hang up", "fatal"})
  void aHandlerLearnsThatItsChannelIsOver(String how) throws Exception {
    ChannelHandler listens =
        channel -> {
          try {
            channel.receive();
            reports.add("received");
          } catch (ChannelClosedException over) {
            reports.add("closed " + sendsStill(channel));
            throw over;
          }
        };
    try (Log log = new Log();
        TestServer server = start(listens);
        Member node = Member.join(server, "breaks-off")) {
      node.open(3, "app/a");
      switch (how) {
        case "reset" -> node.send(close(3, 0x8000));
        case "hang up" -> node.peer().hangUp();
        default -> node.send(RawFrame.of(0xFF));
      }
      assertThat(report()).isEqualTo("closed false");
      TestServer.await(() -> server.channels().counts().open.get() == 0, () -> "it is still open");
      // That is no failure of the handler's.
      assertThat(server.channels().counts().handlerFailures.sum()).isZero();
      assertThat(log.alarms()).isEmpty();
    }
  }

  private static boolean sendsStill(ServerChannel channel) throws InterruptedException {
    try {
      channel.send(bytes("into the void"));
      return true;
    } catch (IOException over) {
      return false;
    }
  }

  @Test
  @DisplayName("a handler may reset its channel with a code")
  void aHandlerMayResetItsChannel() throws Exception {
    try (TestServer server =
            start(channel -> channel.reset(ErrorCode.NOT_AUTHORIZED, "not for you"));
        Member node = Member.join(server, "unwelcome")) {
      node.open(3, "app/a");
      assertThat(node.refused(3, ErrorCode.NOT_AUTHORIZED).message()).isEqualTo("not for you");
      node.fence();
    }
  }

  @Test
  @DisplayName("a handler of the application goes before the routes, by pattern or by class name")
  void aHandlerGoesBeforeTheRoutes() throws Exception {
    String route = "{ match = \"by-class\", handler = \"" + Greeter.class.getName() + "\" }";
    try (TestServer server =
            TestServer.start(
                Map.of("echo", channel -> channel.send(bytes("mine"))),
                "channel.routes = [ { match = echo, handler = echo }, " + route + " ]");
        Member node = Member.join(server, "asks")) {
      node.open(3, "echo").hears(3, "mine").closed(3);
      node.open(5, "by-class").hears(5, "good day").closed(5);
    }
  }

  /** Named in a route. */
  public static final class Greeter implements ChannelHandler {
    @Override
    public void handle(ServerChannel channel) throws InterruptedException, IOException {
      channel.send(bytes("good day"));
    }
  }

  @Test
  @DisplayName("a handler of the default channel serves every node from REGISTER on")
  void aHandlerOfTheDefaultChannelServesEveryNode() throws Exception {
    try (TestServer server =
            TestServer.start(Map.of("default", channel -> channel.send(bytes("welcome"))));
        Member node = Member.join(server, "new")) {
      node.hears(1, "welcome").closed(1);
    }
  }
}
