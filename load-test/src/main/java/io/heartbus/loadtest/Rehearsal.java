package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A short run of the fleet against a server of its own, before the one that counts: a JVM is slow
 * at whatever it does for the first time, and the first nodes would measure that. Takes about half
 * a second.
 */
final class Rehearsal {
  private static final int NODES = 20;
  private static final double CONNECTS_PER_SECOND = 200;
  private static final Duration INTERVAL = Duration.ofMillis(10);
  private static final Duration DURATION = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int CREDIT = 4096;
  private static final int WINDOW = 8;

  private static final Traffic TRAFFIC =
      new Traffic(
          100,
          new Traffic.Echo(1, WINDOW, 0),
          Traffic.Fanout.NONE,
          Traffic.Stuck.NONE,
          Duration.ofMillis(200));

  private Rehearsal() {}

  /**
   * Rehearses.
   *
   * @throws IOException when this machine has no loopback to rehearse on
   */
  static void run(RandomGenerator random) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), NODES);
      Thread.ofVirtual().start(() -> accept(listener));
      Scenario scenario =
          new Scenario(
              Kind.ECHO,
              List.of((InetSocketAddress) listener.getLocalAddress()),
              List.of(),
              NODES,
              CONNECTS_PER_SECOND,
              PATIENCE,
              INTERVAL,
              PATIENCE,
              DURATION,
              Duration.ZERO,
              TRAFFIC,
              false,
              null,
              null,
              null);
      try (Timeline timeline = Timeline.unseen(scenario)) {
        new Fleet(scenario, new HeartbeatScript("rehearsal-"), random).run(timeline);
      }
    }
  }

  private static void accept(ServerSocketChannel listener) {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException closed) {
      // The rehearsal is over.
    }
  }

  private static void serve(SocketChannel channel) {
    FrameReader reader = new FrameReader(Role.NODE);
    try (channel) {
      while (channel.read(reader.intake(0)) >= 0) {
        while (reader.advance()) {
          Frame answer = answer(reader);
          if (answer != null) {
            channel.write(ByteBuffer.wrap(FrameWriter.encode(answer)));
          }
        }
      }
    } catch (IOException gone) {
      // So is this node.
    }
  }

  private static @Nullable Frame answer(FrameReader reader) throws IOException {
    Frame frame = reader.frame();
    return switch (frame) {
      case Frame.Register register -> {
        reader.registered(Wire.REGISTER_BODY_BYTES_MAX);
        yield registered(register);
      }
      case Frame.HeartbeatRequest(var stats) -> new Frame.HeartbeatResponse(stats, null);
      case Frame.ChannelOpen open -> new Frame.ChannelAccept(open.channel(), Wire.CREDIT_MAX);
      case Frame.Credit _ -> null;
      // A node that rehearses only sends messages and says goodbye besides.
      default -> frame;
    };
  }

  private static Frame registered(Frame.Register register) {
    return new Frame.Registered(
        Wire.VERSION,
        0,
        1,
        register.capabilities(),
        register.asked(),
        0,
        CREDIT,
        Wire.REGISTER_BODY_BYTES_MAX,
        1,
        Wire.DEFAULT_CHANNEL,
        CREDIT,
        1,
        new byte[Wire.SESSION_TOKEN_BYTES]);
  }
}
