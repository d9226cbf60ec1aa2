package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Fan-out from one publisher to many subscribers, measured alike on this bus and on an MQTT broker
 * (QoS 0): the same loop counts the bytes that come in and keeps the publisher so many messages
 * ahead of what was delivered. Run by hand:
 *
 * <pre>{@code
 * java -cp load-test/target/test-classes:protocol/target/classes:JSPECIFY \
 *     io.heartbus.loadtest.FanoutProbe hbp|mqtt PORT SUBSCRIBERS MESSAGE_BYTES SECONDS
 * }</pre>
 */
final class FanoutProbe {
  private static final int AHEAD_MESSAGES = 64;
  private static final int READ_BYTES = 256 * 1024;
  private static final int CREDIT_EVERY = 1 << 20;
  private static final String TOPIC = "topic/bench";

  private final boolean mqtt;
  private final InetSocketAddress server;
  private final int messageBytes;
  private final AtomicLong receivedBytes = new AtomicLong();
  private volatile boolean over;

  private FanoutProbe(boolean mqtt, int port, int messageBytes) {
    this.mqtt = mqtt;
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.messageBytes = messageBytes;
  }

  /** See the class. */
  public static void main(String... arguments) throws Exception {
    boolean mqtt = arguments[0].equals("mqtt");
    FanoutProbe probe =
        new FanoutProbe(mqtt, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[3]));
    probe.run(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[4]));
  }

  private void run(int subscribers, int seconds) throws Exception {
    Selector selector = Selector.open();
    for (int i = 0; i < subscribers; i++) {
      SocketChannel socket = connect("sub-" + i, Wire.CREDIT_MAX);
      socket.configureBlocking(false);
      socket.register(selector, SelectionKey.OP_READ);
    }
    Thread reader = Thread.ofPlatform().start(() -> read(selector));
    // What came in so far were answers.
    LockSupport.parkNanos(1_000_000_000);
    receivedBytes.set(0);
    long startNanos = System.nanoTime();
    long sent = publish(subscribers, startNanos + seconds * 1_000_000_000L);
    LockSupport.parkNanos(500_000_000);
    double took = (System.nanoTime() - startNanos - 500_000_000) / 1e9;
    long delivered = receivedBytes.get() / deliveryBytes();
    over = true;
    selector.wakeup();
    reader.join();
    System.out.printf(
        "%s: %d subscribers, %d bytes, %.1f s: %d published, %.0f deliveries/s, %.2f %%"
            + " delivered%n",
        mqtt ? "mqtt" : "hbp",
        subscribers,
        messageBytes,
        took,
        sent,
        delivered / took,
        100.0 * delivered / (sent * subscribers));
  }

  private int deliveryBytes() {
    return mqtt ? mqttPublish().length : Wire.HEADER_BYTES + 5 + messageBytes;
  }

  private SocketChannel connect(String id, long receiveCredit) throws IOException {
    SocketChannel socket = SocketChannel.open(server);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (mqtt) {
      byte[] connect = packet(0x10, text("MQTT"), new byte[] {4, 2, 0, 0}, text(id));
      socket.write(ByteBuffer.wrap(connect));
      socket.read(ByteBuffer.allocate(4));
      if (receiveCredit > 0) {
        byte[] subscribe = packet(0x82, new byte[] {0, 1}, text(TOPIC), new byte[] {0});
        socket.write(ByteBuffer.wrap(subscribe));
        socket.read(ByteBuffer.allocate(5));
      }
      return socket;
    }
    Frame.Register register =
        new Frame.Register(
            Wire.VERSION,
            Wire.VERSION,
            0,
            Wire.CAPABILITY_CREDIT,
            new Frame.Pace(300_000, 900_000),
            4_096,
            65_536,
            System.nanoTime(),
            1,
            id,
            new byte[0],
            Frame.Attributes.NONE);
    socket.write(ByteBuffer.wrap(FrameWriter.encode(register)));
    socket.read(ByteBuffer.allocate(1_024));
    socket.write(
        ByteBuffer.wrap(FrameWriter.encode(new Frame.ChannelOpen(3, receiveCredit, 0, TOPIC))));
    if (receiveCredit > 0) {
      socket.read(ByteBuffer.allocate(15));
    }
    return socket;
  }

  private static byte[] text(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }

  private static byte[] packet(int type, byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size + 5).put((byte) type);
    int rest = size;
    do {
      out.put((byte) ((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
      rest >>= 7;
    } while (rest > 0);
    for (byte[] part : parts) {
      out.put(part);
    }
    byte[] packet = new byte[out.position()];
    out.flip().get(packet);
    return packet;
  }

  private byte[] mqttPublish() {
    return packet(0x30, text(TOPIC), new byte[messageBytes]);
  }

  private void read(Selector selector) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    try {
      while (!over) {
        selector.select(key -> receivedBytes.addAndGet(count(key, buffer)));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static int count(SelectionKey key, ByteBuffer buffer) {
    try {
      int count = ((SocketChannel) key.channel()).read(buffer.clear());
      if (count < 0) {
        throw new IOException("the server closed a subscriber");
      }
      return count;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private long publish(int subscribers, long untilNanos) throws IOException {
    SocketChannel socket = connect("pub", 0);
    FrameReader answers = new FrameReader(Role.SERVER);
    byte[] message =
        mqtt ? mqttPublish() : FrameWriter.encode(Frame.Data.of(3, 0, new byte[messageBytes]));
    long creditBytes = mqtt ? Long.MAX_VALUE : 0;
    long sent = 0;
    while (System.nanoTime() < untilNanos) {
      long delivered = receivedBytes.get() / deliveryBytes() / subscribers;
      if (creditBytes < messageBytes + Wire.DATA_COST_BYTES) {
        creditBytes += credit(socket, answers);
      } else if (sent - delivered < AHEAD_MESSAGES) {
        socket.write(ByteBuffer.wrap(message));
        creditBytes -= mqtt ? 0 : messageBytes + Wire.DATA_COST_BYTES;
        sent++;
      } else {
        Thread.onSpinWait();
        LockSupport.parkNanos(20_000);
      }
    }
    return sent;
  }

  /** Waits for what the server grants. */
  private static long credit(SocketChannel socket, FrameReader answers) throws IOException {
    answers.registered(CREDIT_EVERY);
    while (true) {
      try {
        while (answers.advance()) {
          return switch (answers.frame()) {
            case Frame.ChannelAccept accept -> accept.initialCredit();
            case Frame.Credit credit -> credit.delta();
            default -> throw new IOException("unexpected " + answers.frame());
          };
        }
      } catch (ProtocolException broken) {
        throw new IOException(broken);
      }
      if (socket.read(answers.intake(0)) < 0) {
        throw new IOException("the server closed the publisher");
      }
    }
  }
}
