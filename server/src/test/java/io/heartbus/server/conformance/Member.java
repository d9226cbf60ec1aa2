package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered node that talks on channels. It sends what a test tells it, keeps account of the
 * credit it is granted, and grants none by itself. One thread.
 */
final class Member implements AutoCloseable {
  /** What the server grants on each channel, by default. */
  static final int GRANT = 4096;

  /** More than any test sends to a member. */
  static final long PLENTY = 1 << 20;

  private static final int SERVER_OPEN = 1 << 4;

  private final Peer peer;
  private final Frame.Registered terms;
  private final Map<Long, Long> granted = new HashMap<>();

  private Member(Peer peer, Frame.Registered terms) {
    this.peer = peer;
    this.terms = terms;
  }

  static Member join(TestServer server, RawRegister register) throws IOException {
    Peer peer = server.connect();
    return new Member(peer, peer.register(register));
  }

  static Member join(TestServer server, String id) throws IOException {
    return join(server, RawRegister.of(id));
  }

  /** So many nodes that say goodbye as soon as they are in, one after the other. */
  static void comeAndGo(TestServer server, int count) {
    try {
      for (int i = 0; i < count; i++) {
        join(server, "n" + i).send(RawFrame.of(RawFrame.UNREGISTER)).close();
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** One that takes channels which the server opens. */
  static RawRegister openTo(String id) {
    return RawRegister.of(id).capabilities(1 | SERVER_OPEN);
  }

  Peer peer() {
    return peer;
  }

  /** What the server answered to REGISTER. */
  Frame.Registered terms() {
    return terms;
  }

  Member open(long id, String name, long credit) throws IOException {
    send(RawChannel.open(id, credit, name));
    Frame.ChannelAccept accept = expect(Frame.ChannelAccept.class);
    assertThat(accept.channel()).isEqualTo(id);
    granted.merge(id, accept.initialCredit(), Long::sum);
    return this;
  }

  Member open(long id, String name) throws IOException {
    return open(id, name, PLENTY);
  }

  /** Waits for the server to open that channel, and accepts it. */
  Member accept(long id, String name, long credit) throws IOException {
    Frame.ChannelOpen open = expect(Frame.ChannelOpen.class);
    assertThat(open.channel()).isEqualTo(id);
    assertThat(open.name()).isEqualTo(name);
    granted.merge(id, open.initialCredit(), Long::sum);
    return send(RawChannel.accept(id, credit));
  }

  Member send(byte[]... frames) throws IOException {
    peer.send(frames);
    return this;
  }

  Member say(long id, String text) throws IOException {
    return send(RawChannel.data(id, text));
  }

  /** The next frame that is neither a PING nor CREDIT, which is booked. */
  @Nullable Frame next() throws IOException {
    Frame frame = peer.nextButProbes();
    while (frame instanceof Frame.Credit credit) {
      granted.merge(credit.channel(), credit.delta(), Long::sum);
      frame = peer.nextButProbes();
    }
    return frame;
  }

  <T extends Frame> T expect(Class<T> kind) throws IOException {
    Frame frame = next();
    assertThat(frame).isInstanceOf(kind);
    return kind.cast(frame);
  }

  /** The next message on any channel, its fragments joined; it has to be on that one. */
  String text(long id) throws IOException {
    return new String(message(id), StandardCharsets.UTF_8);
  }

  byte[] message(long id) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    Frame.Data data;
    do {
      data = expect(Frame.Data.class);
      assertThat(data.channel()).isEqualTo(id);
      message.writeBytes(data.payload());
    } while (data.more());
    return message.toByteArray();
  }

  /** These are the next messages. */
  Member hears(long id, String... texts) throws IOException {
    for (String text : texts) {
      assertThat(text(id)).isEqualTo(text);
    }
    return this;
  }

  /** The next frame is an error about that channel. */
  Frame.Fault refused(long id, ErrorCode code) throws IOException {
    Frame.Fault fault = expect(Frame.Fault.class);
    assertThat(fault.error()).as(fault.toString()).isEqualTo(code);
    assertThat(fault.code()).isEqualTo(code.code());
    assertThat(fault.scope()).isEqualTo(Frame.Scope.CHANNEL);
    assertThat(fault.channel()).isEqualTo(id);
    return fault;
  }

  /** The next frame closes the server's direction. */
  Member closed(long id) throws IOException {
    assertThat(next()).isEqualTo(new Frame.ChannelClose(id, 0));
    return this;
  }

  /** The next frame tells how many messages this member missed. */
  Member missed(long id, int messages) throws IOException {
    assertThat(next())
        .isEqualTo(
            new Frame.Fault(
                ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, id, 0, Integer.toString(messages)));
    return this;
  }

  /** The server has read all that was sent; nothing but CREDIT came ahead of its answer. */
  Member fence() throws IOException {
    long opaque = System.nanoTime();
    peer.send(new Frame.Ping(opaque));
    assertThat(next()).isEqualTo(new Frame.Pong(opaque));
    return this;
  }

  /** How much credit has come for a channel, from its opening on. */
  long granted(long id) {
    return granted.getOrDefault(id, 0L);
  }

  /** Waits until so much credit has come in all, and nothing else in between. */
  Member awaitGranted(long id, long bytes) throws IOException {
    while (granted(id) < bytes) {
      Frame frame = peer.nextButProbes();
      assertThat(frame).isInstanceOf(Frame.Credit.class);
      Frame.Credit credit = (Frame.Credit) frame;
      granted.merge(credit.channel(), credit.delta(), Long::sum);
    }
    assertThat(granted(id)).isEqualTo(bytes);
    return this;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
