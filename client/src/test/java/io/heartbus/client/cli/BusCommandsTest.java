package io.heartbus.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.client.Await;
import io.heartbus.client.Peer;
import io.heartbus.client.ScriptedServer;
import io.heartbus.client.Terms;
import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusCommandsTest {
  @TempDir Path folder;
  private ScriptedServer server;
  private String address;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedServer();
    address = server.address().toString();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void nodePrintsStatesAndMessagesOnePerLine() throws Exception {
    Path config = folder.resolve("client.conf");
    Files.writeString(config, "heartbus.client.reconnect.enabled = false");
    Cli cli =
        Cli.run(
            "node",
            "--config",
            config.toString(),
            "--server",
            address,
            "--id",
            "n7",
            "--meta",
            "region=eu",
            "--meta",
            "floor=3",
            "--group",
            "g",
            "--interval",
            "5s",
            "--timeout",
            "20s",
            "--token",
            "t",
            "--subscribe",
            "alerts");
    Peer peer = server.accept();
    Frame.Register register = peer.admit(Terms.STANDARD.withEpoch(5));
    assertThat(register.nodeId()).isEqualTo("n7");
    assertThat(register.asked()).isEqualTo(new Frame.Pace(5_000, 20_000));
    assertThat(register.attributes().metadata()).isEqualTo(Map.of("region", "eu", "floor", "3"));
    assertThat(register.attributes().group()).isEqualTo("g");
    assertThat(peer.expect(Frame.ChannelOpen.class).name()).isEqualTo("topic/alerts");
    peer.send(new Frame.ChannelAccept(3, 4096));
    peer.sendText(1, 0, "to all\nand more");
    cli.awaitLine("message default");
    peer.sendText(3, 0, "grüße");
    cli.awaitLine("message topic");
    peer.send(new Frame.ChannelOpen(2, 4096, 0, "node/x"));
    peer.send(Frame.Data.of(2, Wire.DATA_END, new byte[] {'h', 'i', (byte) 0xFF}));
    peer.expect(Frame.ChannelAccept.class);
    assertThat(peer.expect(Frame.ChannelClose.class)).isEqualTo(new Frame.ChannelClose(2, 0));
    peer.send(new Frame.Fault(ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, 3, 0, "4"));
    cli.awaitLine("state dropped");
    peer.close();
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors()).containsExactly("heartbus: the server closed the connection");
    assertThat(cli.lines())
        .contains(
            "state connected server=" + address + " epoch=5 interval=60s timeout=180s",
            "state open channel=topic/alerts",
            "message default to all\\u000Aand more",
            "message topic/alerts grüße",
            "message node/x hi\\xFF",
            "state dropped channel=topic/alerts messages=4",
            "state lost the server closed the connection");
  }

  @Test
  void nodeEndsWellWhenNobodyReadsItsOutput() throws Exception {
    PrintStream closed =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    var running =
        Await.start(() -> ClientMain.run(System.in, closed, System.err, "node", "-s", address));
    Peer peer = server.accept();
    peer.admit();
    peer.sendText(1, 0, "lost");
    peer.expect(Frame.Unregister.class);
    assertThat(running.get()).isZero();
  }

  @Test
  void aSignalMakesTheNodeLeaveInGoodOrder() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ClientMain.class.getName(),
                "node",
                "--server",
                address,
                "--print-frames")
            .redirectError(folder.resolve("err").toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try {
      Peer peer = server.accept();
      peer.admit();
      peer.sendText(1, 0, "hello");
      Await.until("printed", () -> output().contains("message default hello"));
      process.destroy();
      peer.expect(Frame.Unregister.class);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(output())
          .contains("state connected", "state closed", ">> REGISTER id=node-", "<< DATA channel=1");
      assertThat(Files.readString(folder.resolve("err"))).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("out"));
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void sendWaitsForTheNodeAndPrintsItsAnswer() throws Exception {
    Cli cli = Cli.run("send", "--server", address, "--to", "pump-7", "stop");
    Peer peer = server.accept();
    assertThat(peer.admit().nodeId()).startsWith("cli-");
    assertThat(peer.expect(Frame.ChannelOpen.class).name()).isEqualTo("node/pump-7");
    peer.send(new Frame.ChannelAccept(3, 4096));
    Frame.Data message = peer.expect(Frame.Data.class);
    assertThat(new String(message.payload(), StandardCharsets.UTF_8)).isEqualTo("stop");
    assertThat(message.end()).isTrue();
    peer.sendText(3, 0, "stopping");
    peer.sendText(3, Wire.DATA_END, "stopped");
    peer.expect(Frame.Unregister.class);
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.lines()).containsExactly("stopping", "stopped");
  }

  @Test
  void sendToNobodyFailsInOneLine() throws Exception {
    Cli cli = Cli.runWithInput("from stdin", "send", "--server", address, "--to", "x", "-");
    Peer peer = server.accept();
    peer.admit();
    peer.expect(Frame.ChannelOpen.class);
    peer.send(new Frame.ChannelAccept(3, 4096));
    assertThat(peer.expectText()).isEqualTo("from stdin");
    peer.send(
        new Frame.Fault(ErrorCode.NO_ROUTE.code(), Frame.Scope.CHANNEL, 3, 0, "x is offline"));
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors()).containsExactly("heartbus: channel node/x: NO_ROUTE x is offline");
  }

  @Test
  void sendDoesNotWaitForEver() throws Exception {
    Cli cli = Cli.run("send", "--server", address, "--to", "x", "--wait", "2s", "hello");
    Peer peer = server.accept();
    peer.admit();
    peer.expect(Frame.ChannelOpen.class);
    peer.send(new Frame.ChannelAccept(3, 4096));
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors())
        .containsExactly("heartbus: x did not finish within 2s; it may have the message");
  }

  @Test
  void publishIsDoneWhenTheServerHasReadIt() throws Exception {
    Cli cli = Cli.run("publish", "--server", address, "--topic", "alerts", "fire");
    Peer peer = server.accept();
    peer.admit();
    Frame.ChannelOpen open = peer.expect(Frame.ChannelOpen.class);
    assertThat(open.name()).isEqualTo("topic/alerts");
    assertThat(open.initialCredit()).isZero();
    peer.send(new Frame.ChannelAccept(3, 4096));
    assertThat(peer.expectText()).isEqualTo("fire");
    peer.send(new Frame.Pong(peer.expect(Frame.Ping.class).opaque()));
    peer.expect(Frame.Unregister.class);
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aRefusedPublicationFailsInOneLine() throws Exception {
    Cli cli = Cli.run("publish", "--server", address, "--topic", "secret", "x");
    Peer peer = server.accept();
    peer.admit();
    peer.expect(Frame.ChannelOpen.class);
    peer.send(new Frame.Fault(ErrorCode.NOT_AUTHORIZED.code(), Frame.Scope.CHANNEL, 3, 0, "no"));
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors()).containsExactly("heartbus: channel topic/secret: NOT_AUTHORIZED no");
  }
}
