package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectTest {
  private ScriptedServer server;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void registersWithAllThatTheOptionsSay() throws Exception {
    ClientOptions options =
        server
            .options()
            .withMetadata(Map.of("version", "1.4"))
            .withGroup("rack-4")
            .withToken("secret")
            .withHeartbeat(Duration.ofSeconds(5), Duration.ofSeconds(20))
            .withChannels(new ChannelOptions(1000, 2048, 1));
    Await.Running<HeartbeatClient> connecting = Await.start(() -> HeartbeatClient.connect(options));
    Peer peer = server.accept();
    Frame.Register register = peer.admit(Terms.STANDARD.withEpoch(77));

    assertThat(register.versionMax()).isEqualTo(2);
    assertThat(register.versionMin()).isEqualTo(2);
    assertThat(register.nodeId()).isEqualTo("n1");
    assertThat(register.asked()).isEqualTo(new Frame.Pace(5_000, 20_000));
    assertThat(register.initialCredit()).isEqualTo(2048);
    assertThat(register.frameBytesMax()).isEqualTo(65_536);
    assertThat(register.connectionSeq()).isEqualTo(1);
    assertThat(new String(register.auth(), StandardCharsets.UTF_8)).isEqualTo("secret");
    assertThat(register.attributes())
        .isEqualTo(new Frame.Attributes(Map.of("version", "1.4"), "rack-4", null, null));
    assertThat(register.capabilities() & ~(1 << 31))
        .isEqualTo(
            Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS | Wire.CAPABILITY_REDIRECT);
    try (HeartbeatClient client = connecting.get()) {
      assertThat(client.session())
          .isEqualTo(
              new Session(
                  server.address(), 77, Duration.ofMinutes(1), Duration.ofMinutes(3), false));
      assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
      assertThat(client.nodeId()).isEqualTo("n1");
    }
  }

  @Test
  void offersToTakeChannelsOnlyWithAHandler() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() ->
            HeartbeatClient.connect(server.options(), new ClientListener() {}, channel -> {}));
    Frame.Register register = server.accept().admit();
    assertThat(register.capabilities() & Wire.CAPABILITY_SERVER_OPEN).isNotZero();
    connecting.get().close();
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {
        "UNSUPPORTED_VERSION",
        "AUTH_FAILED",
        "NODE_ID_INVALID",
        "NODE_ID_IN_USE",
        "SERVER_BUSY",
        "FLAP_SUPPRESSED",
        "DRAINING"
      })
  void aRefusalIsThrownWithItsCodeAndWait(ErrorCode code) throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    Peer peer = server.accept();
    peer.expect(Frame.Register.class);
    peer.send(new Frame.Fault(code.code(), Frame.Scope.CONNECTION, 0, 1500, "not now"));

    assertThat(connecting.failure())
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> {
              assertThat(e.error()).isEqualTo(code);
              assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(1500));
              assertThat(e).hasMessage(code + ": not now");
            });
  }

  @Test
  void aGoodbyeInsteadOfAnAnswerIsARefusal() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    Peer peer = server.accept();
    peer.expect(Frame.Register.class);
    peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), 0, 2000, 0, 0, ""));
    assertThat(connecting.failure())
        .isInstanceOfSatisfying(
            RejectedException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.DRAINING));
  }

  @Test
  void noAnswerInTimeIsAFailure() throws Exception {
    ClientOptions options = server.options().withConnectTimeout(Duration.ofMillis(200));
    assertThatThrownBy(() -> HeartbeatClient.connect(options))
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("no answer to REGISTER within PT0.2S");
  }

  @Test
  void aServerThatClosesAtOnceIsAFailure() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    server.accept().close();
    assertThat(connecting.failure()).isInstanceOf(IOException.class);
  }

  @Test
  void garbageIsAnsweredWithItsErrorCode() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    Peer peer = server.accept();
    peer.expect(Frame.Register.class);
    peer.sendBytes("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII));
    Frame.Fault complaint = peer.expect(Frame.Fault.class);
    assertThat(complaint.error()).isEqualTo(ErrorCode.BAD_MAGIC);
    peer.expectEnd();
    peer.close();
    assertThat(connecting.failure())
        .isInstanceOfSatisfying(
            ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MAGIC));
  }

  @Test
  void dataBeforeTheAnswerBreaksTheProtocol() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    Peer peer = server.accept();
    peer.expect(Frame.Register.class);
    peer.sendText(1, 0, "too early");
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.UNEXPECTED_FRAME);
    peer.close();
    assertThat(connecting.failure()).isInstanceOf(ProtocolException.class);
  }

  @Test
  void termsThatSpecForbidsAreRefused() throws Exception {
    for (Terms terms :
        List.of(new Terms(0, 30_000, 0, 1, 4096, 1), Terms.STANDARD.withCredit(1023))) {
      Await.Running<HeartbeatClient> connecting =
          Await.start(() -> HeartbeatClient.connect(server.options()));
      Peer peer = server.accept();
      peer.admit(terms);
      assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
      peer.close();
      assertThat(connecting.failure()).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void nobodyThereIsSaidWithTheAddress() throws Exception {
    String address = deadAddress();
    assertThatThrownBy(() -> HeartbeatClient.connect(server.options().withServers(address)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("cannot connect to " + address);
  }

  @Test
  void aNameWithoutAddressIsSaid() {
    assertThatThrownBy(
            () -> HeartbeatClient.connect(server.options().withServers("no-such.invalid:1")))
        .isInstanceOf(ConnectException.class)
        .hasMessage("cannot connect to no-such.invalid:1: no such host");
  }

  @Test
  void aDeadServerIsPassedOver() throws Exception {
    ClientOptions options =
        server.options().withServers(deadAddress(), server.address().toString(), deadAddress());
    Await.Running<HeartbeatClient> connecting = Await.start(() -> HeartbeatClient.connect(options));
    server.accept().admit();
    try (HeartbeatClient client = connecting.get()) {
      assertThat(client.session().server()).isEqualTo(server.address());
    }
  }

  @Test
  void aBusyServerIsPassedOverAndAnUnwelcomeNodeIsNot() throws Exception {
    try (ScriptedServer other = new ScriptedServer()) {
      ClientOptions options =
          server.options().withServers(server.address().toString(), other.address().toString());
      Await.Running<HeartbeatClient> connecting =
          Await.start(() -> HeartbeatClient.connect(options));
      refuse(server.accept(), ErrorCode.SERVER_BUSY);
      refuse(other.accept(), ErrorCode.AUTH_FAILED);
      assertThat(connecting.failure()).hasMessageStartingWith("AUTH_FAILED");

      Await.Running<HeartbeatClient> again = Await.start(() -> HeartbeatClient.connect(options));
      refuse(server.accept(), ErrorCode.AUTH_FAILED);
      assertThat(again.failure()).hasMessageStartingWith("AUTH_FAILED");
      assertThat(other.nobodyConnectsFor(Duration.ofMillis(50))).isTrue();
    }
  }

  @Test
  void namesAndBracketedAddressesAreFine() throws Exception {
    for (InetAddress address : InetAddress.getAllByName("localhost")) {
      try (ScriptedServer local = new ScriptedServer(address)) {
        for (String host : List.of("localhost", local.address().host())) {
          ClientOptions options =
              local.options().withServers(List.of(new ServerAddress(host, local.address().port())));
          Await.Running<HeartbeatClient> connecting =
              Await.start(() -> HeartbeatClient.connect(options));
          local.accept().admit();
          connecting.get().close();
        }
      }
    }
  }

  @Test
  void anInterruptEndsTheAttempt() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    Peer peer = server.accept();
    peer.expect(Frame.Register.class);
    connecting.untilBlocked().interrupt();
    assertThat(connecting.failure()).isInstanceOf(InterruptedException.class);
    peer.expectEnd();
  }

  private static void refuse(Peer peer, ErrorCode code) throws Exception {
    peer.expect(Frame.Register.class);
    peer.send(new Frame.Fault(code.code(), Frame.Scope.CONNECTION, 0, 0, ""));
  }

  /** An address at which nobody listens any more. */
  private static String deadAddress() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}
