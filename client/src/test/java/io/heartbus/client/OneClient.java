package io.heartbus.client;

import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of channels start from: one client that is registered at a scripted server. */
abstract class OneClient {
  ScriptedServer server;
  Peer peer;
  HeartbeatClient client;
  final EventLog events = new EventLog();

  /** An open channel and its id. */
  static final class Opened {
    final Channel channel;
    final long id;

    Opened(Channel channel, long id) {
      this.channel = channel;
      this.id = id;
    }
  }

  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  @BeforeEach
  void connect() throws Exception {
    server = new ScriptedServer();
    ClientOptions options = server.options().withMessageBytesMax(100_000);
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(options, events, this::handle, Limits.STANDARD));
    peer = server.accept();
    peer.admit(Terms.STANDARD);
    client = connecting.get();
    events.expect("connected");
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    server.close();
  }

  /** What the node does with channels that the server opens. */
  void handle(Channel channel) throws IOException, InterruptedException {
    channel.receive();
  }

  /** Opens a channel, which the server accepts with 4,096 bytes of credit. */
  Opened opened(String name) throws Exception {
    Await.Running<Channel> opening = Await.start(() -> client.open(name));
    long id = peer.expect(Frame.ChannelOpen.class).channel();
    peer.send(new Frame.ChannelAccept(id, 4096));
    return new Opened(opening.get(), id);
  }

  static Await.Running<Boolean> sending(Action action) {
    return Await.start(() -> {
      action.run();
      return true;
    });
  }

  /** Has the server answer the next probe; after that round trip the client has read all before. */
  Duration pong() {
    Thread.ofVirtual()
        .start(() -> {
          try {
            peer.send(new Frame.Pong(peer.expect(Frame.Ping.class).opaque()));
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    return ScriptedServer.PATIENCE;
  }
}
