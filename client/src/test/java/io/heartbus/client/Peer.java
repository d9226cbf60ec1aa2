package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameLog;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The server's end of one connection, played by a test. */
public final class Peer implements AutoCloseable {
  /** Stands in the queue for the end of the stream. */
  private static final Frame END = new Frame.Ack(-1, -1);

  private final Socket socket;
  private final BlockingQueue<Frame> heard = new LinkedBlockingQueue<>();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean reading = true;
  private volatile boolean answersGoodbye = true;

  public Peer(Socket socket) {
    this.socket = socket;
    Thread.ofVirtual().start(this::readAll);
  }

  /** Lets the node in on these terms, and returns what it asked for. */
  public Frame.Register admit(Terms terms) throws IOException, InterruptedException {
    Frame.Register register = expect(Frame.Register.class);
    send(terms.answer());
    return register;
  }

  public Frame.Register admit() throws IOException, InterruptedException {
    return admit(Terms.STANDARD);
  }

  public void send(Frame... frames) throws IOException {
    for (Frame frame : frames) {
      sendBytes(FrameWriter.encode(frame));
    }
  }

  public void sendBytes(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public void sendText(long channel, int flags, String text) throws IOException {
    send(Frame.Data.of(channel, flags, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The next frame, which has to be of that type; beats in between are passed over. */
  public <T extends Frame> T expect(Class<T> type) throws InterruptedException {
    Frame frame = next();
    while (frame instanceof Frame.HeartbeatRequest && type != Frame.HeartbeatRequest.class) {
      frame = next();
    }
    assertThat(frame).as("after %s", log).isInstanceOf(type);
    return type.cast(frame);
  }

  /** The next frame, which has to be DATA, as text. */
  public String expectText() throws InterruptedException {
    return new String(expect(Frame.Data.class).payload(), StandardCharsets.UTF_8);
  }

  /** The client has to close its side; what it still says is passed over. */
  public void expectEnd() throws InterruptedException {
    Frame frame = next();
    while (!END.equals(frame)) {
      frame = next();
    }
  }

  /** Whether nothing but beats comes within that time. */
  public boolean silentFor(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (until - System.nanoTime() > 0) {
      Frame frame = heard.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (frame != null && !(frame instanceof Frame.HeartbeatRequest)) {
        return false;
      }
    }
    return true;
  }

  /** How many beats come within that time; nothing else may. */
  public int beatsWithin(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    int beats = 0;
    while (until - System.nanoTime() > 0) {
      Frame frame = heard.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (frame != null) {
        assertThat(frame).isInstanceOf(Frame.HeartbeatRequest.class);
        beats++;
      }
    }
    return beats;
  }

  /** Takes nothing more from the socket, so that the client's writes get stuck in the end. */
  public void stopReading() {
    reading = false;
  }

  /** Leaves UNREGISTER unanswered, and the connection open. */
  public void ignoreGoodbye() {
    answersGoodbye = false;
  }

  /** Ends the connection without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Frame next() throws InterruptedException {
    Frame frame = heard.poll(ScriptedServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(frame).as("nothing more after %s", log).isNotNull();
    return frame;
  }

  private void readAll() {
    FrameReader reader = new FrameReader(Role.NODE);
    try {
      InputStream in = socket.getInputStream();
      ReadableByteChannel bytes = Channels.newChannel(in);
      while (reading) {
        if (bytes.read(reader.intake(in.available())) < 0) {
          break;
        }
        while (reader.advance()) {
          Frame frame = reader.frame();
          if (frame instanceof Frame.Register) {
            reader.registered(Terms.FRAME_BYTES_MAX);
          }
          log.add(FrameLog.received(frame));
          heard.add(frame);
          if (frame instanceof Frame.Unregister && answersGoodbye) {
            send(frame);
            socket.close();
          }
        }
      }
    } catch (IOException ended) {
      log.add(ended.toString());
    }
    if (reading) {
      heard.add(END);
    }
  }
}
