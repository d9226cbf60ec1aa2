package io.heartbus.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Writes what one connection's {@link Outbox} holds, on a virtual thread of its own, and shuts down
 * the output when there will be nothing more. Java knows no write timeout: {@link HeartbeatLoop}
 * asks {@link #stalledNanos} and closes the socket.
 */
final class WriteLoop implements Runnable {
  private final SocketChannel socket;
  private final Outbox outbox;
  private final LongAdder bytesSent;
  private final Consumer<IOException> whenBroken;
  // Written by this loop's thread only.
  private volatile boolean writing;
  private volatile long progressNanos = System.nanoTime();
  private volatile long sentNanos = progressNanos;

  WriteLoop(
      SocketChannel socket, Outbox outbox, LongAdder bytesSent, Consumer<IOException> whenBroken) {
    this.socket = socket;
    this.outbox = outbox;
    this.bytesSent = bytesSent;
    this.whenBroken = whenBroken;
  }

  @Override
  public void run() {
    try {
      for (ByteBuffer batch = outbox.next(); batch != null; batch = outbox.next()) {
        write(batch);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      whenBroken.accept(e);
    } catch (InterruptedException e) {
      whenBroken.accept(new IOException("the writing thread was interrupted", e));
    } finally {
      outbox.stop();
    }
  }

  /** When the last complete frame had left. */
  long sentNanos() {
    return sentNanos;
  }

  /** For how long the present write has made no progress; 0 = none is under way. */
  long stalledNanos(long nowNanos) {
    return writing ? nowNanos - progressNanos : 0;
  }

  private void write(ByteBuffer batch) throws IOException {
    bytesSent.add(batch.remaining());
    progressNanos = System.nanoTime();
    writing = true;
    while (batch.hasRemaining()) {
      socket.write(batch);
      progressNanos = System.nanoTime();
    }
    writing = false;
    sentNanos = System.nanoTime();
  }
}
