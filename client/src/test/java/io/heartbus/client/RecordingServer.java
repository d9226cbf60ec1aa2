package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server that accepts every channel, joins and records its messages, grants again what it took,
 * and every so many messages drops the connection without a word.
 */
final class RecordingServer implements AutoCloseable {
  static final int WINDOW = 4096;

  private final ServerSocket listener = new ServerSocket();
  private final Map<String, List<byte[]>> messages = new ConcurrentHashMap<>();
  private final Random random;
  private final int messagesPerConnection;
  private volatile boolean steady;

  RecordingServer(Random random, int messagesPerConnection) throws IOException {
    this.random = random;
    this.messagesPerConnection = messagesPerConnection;
    listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    Thread.ofVirtual().start(this::acceptAll);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on connections stay. */
  void beSteady() {
    steady = true;
  }

  /** Every whole message of the channels of that name, in the order of arrival. */
  List<byte[]> messages(String channel) {
    return messages.computeIfAbsent(
        channel, name -> Collections.synchronizedList(new ArrayList<>()));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new Visit(socket).run();
    } catch (IOException gone) {
      // The client left, or this server wanted it to.
    }
  }

  private final class Visit {
    private final Socket socket;
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, ByteArrayOutputStream> parts = new HashMap<>();
    private final Map<Long, Long> taken = new HashMap<>();
    private int left;

    Visit(Socket socket) {
      this.socket = socket;
      synchronized (random) {
        left = 1 + random.nextInt(messagesPerConnection);
      }
      names.put(1L, "default");
    }

    void run() throws IOException {
      FrameReader reader = new FrameReader(Role.NODE);
      ReadableByteChannel bytes = Channels.newChannel(socket.getInputStream());
      while (left > 0 && bytes.read(reader.intake(0)) >= 0) {
        while (left > 0 && reader.advance()) {
          Frame frame = reader.frame();
          if (frame instanceof Frame.Register) {
            reader.registered(Terms.FRAME_BYTES_MAX);
            say(Terms.STANDARD.withCredit(WINDOW).answer());
          } else if (frame instanceof Frame.ChannelOpen open) {
            names.put(open.channel(), open.name());
            say(new Frame.ChannelAccept(open.channel(), WINDOW));
          } else if (frame instanceof Frame.Data data) {
            take(data);
          } else if (frame instanceof Frame.Ping(var opaque)) {
            say(new Frame.Pong(opaque));
          } else if (frame instanceof Frame.Unregister) {
            say(frame);
            return;
          }
        }
      }
    }

    private void take(Frame.Data data) throws IOException {
      long channel = data.channel();
      ByteArrayOutputStream joined =
          parts.computeIfAbsent(channel, id -> new ByteArrayOutputStream());
      joined.writeBytes(data.payload());
      if (!data.more()) {
        messages(names.get(channel)).add(joined.toByteArray());
        parts.remove(channel);
        left -= steady ? 0 : 1;
      }
      long sum =
          taken.merge(channel, data.payload().length + (long) Wire.DATA_COST_BYTES, Long::sum);
      if (sum >= WINDOW / 2) {
        taken.remove(channel);
        say(new Frame.Credit(channel, sum));
      }
    }

    private void say(Frame frame) throws IOException {
      FrameWriter.write(socket.getOutputStream(), frame);
    }
  }
}
