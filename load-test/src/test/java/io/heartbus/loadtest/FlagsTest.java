package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What flags do, from the command line to the wire. */
class FlagsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  @Timeout(25) // Unless it is set, it takes 30 s.
  void aNodeThatIsNotInByTheConnectTimeoutHasFailed() throws IOException {
    FakeServer.Script script =
        peer -> {
          peer.awaitRegister();
          peer.linger();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      assertThat(run(server, "--connect-timeout=300ms")).isEqualTo(1);
      assertThat(server.registrations).hasSize(3);
    }
    assertThat(err.toString(UTF_8)).endsWith("no node connected: no answer\n");
  }

  @Test
  @Timeout(60)
  void nodeIdsBeginWithTheNodePrefix() throws IOException {
    try (FakeServer server = FakeServer.honest(200)) {
      assertThat(run(server, "--node-prefix=lab-7/")).as(err.toString(UTF_8)).isZero();

      assertThat(server.registrations)
          .extracting(Frame.Register::nodeId)
          .containsExactlyInAnyOrder("lab-7/0", "lab-7/1", "lab-7/2");
    }
  }

  @Test
  @Timeout(60)
  void withoutANodePrefixEveryRunHasIdsOfItsOwn() throws IOException {
    try (FakeServer server = FakeServer.honest(200)) {
      assertThat(run(server)).isZero();
      assertThat(run(server)).isZero();

      assertThat(server.registrations).extracting(Frame.Register::nodeId).hasSize(6);
      assertThat(server.registrations).extracting(Frame.Register::nodeId).doesNotHaveDuplicates();
    }
  }

  private int run(FakeServer server, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of("--target", server.target(), "--scenario", "connect", "--nodes", "3"));
    args.addAll(List.of(more));
    return LoadTestMain.run(args.toArray(String[]::new), stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }
}
