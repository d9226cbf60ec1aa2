package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A presence feed over HTTP whose every line is a test's to decide. */
final class FakePresence implements AutoCloseable {
  /** What becomes of an event on its way to the feed. */
  interface Mischief {
    /** Has the blocks written that stand for event {@code seq}. */
    void publish(FakePresence feed, long seq, String json);

    Mischief NONE = FakePresence::event;
  }

  /** What is written, and the position that a reader has when it has read it. */
  private record Block(long seq, String text) {}

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<Block> blocks = new ArrayList<>();
  private Mischief mischief = Mischief.NONE;
  private String epoch = "e1";
  private long last;

  /** How far back a reader that resumes is set. */
  private volatile int resendsOnResume;

  private volatile boolean closed;

  /** The Last-Event-ID of every request, empty where there was none. */
  final List<String> positions = new CopyOnWriteArrayList<>();

  FakePresence() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    http.createContext("/api/v1/events", this::serve);
    http.setExecutor(threads);
    http.start();
  }

  FakePresence playing(Mischief trick) {
    mischief = trick;
    return this;
  }

  /** Whoever resumes gets so many events again; negative: misses so many. */
  FakePresence resending(int events) {
    resendsOnResume = events;
    return this;
  }

  int port() {
    return http.getAddress().getPort();
  }

  InetSocketAddress address() {
    return http.getAddress();
  }

  /** Something happened. */
  void happened(String type, String node, long session, @Nullable String cause) {
    lock.lock();
    try {
      last++;
      String json =
          String.format(
              Locale.ROOT,
              "{\"seq\":%d,\"time\":\"2026-01-01T00:00:00.000Z\",\"type\":\"%s\",\"node\":\"%s\","
                  + "\"session\":%d,\"cause\":%s,\"group\":null,\"silenceMs\":null,\"detail\":null}",
              last,
              type,
              node,
              session,
              cause == null ? "null" : "\"" + cause + "\"");
      mischief.publish(this, last, json);
    } finally {
      lock.unlock();
    }
  }

  /** Writes an event as it should be. */
  void event(long seq, String json) {
    write(seq, "id: " + seq + "\ndata: " + json + "\n\n");
  }

  void gap(long from, long to) {
    String data = "{\"from\":" + from + ",\"to\":" + to + "}";
    write(to, "event: gap\nid: " + to + "\ndata: " + data + "\n\n");
  }

  void write(long seq, String text) {
    lock.lock();
    try {
      blocks.add(new Block(seq, text));
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From the next connection on it is another log. */
  void epoch(String name) {
    lock.lock();
    try {
      epoch = name;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    http.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String resumed = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    positions.add(resumed == null ? "" : resumed);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      long position = resumed == null ? last() : Long.parseLong(resumed);
      write(out, log(position));
      for (int next = 0; !closed; next++) {
        Block block = await(next);
        if (block.seq() > position - (resumed == null ? 0 : resendsOnResume)) {
          write(out, block.text());
        }
      }
    } catch (InterruptedException e) {
      // The test is over.
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private long last() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  private String log(long position) {
    lock.lock();
    try {
      return String.format(
          Locale.ROOT,
          "retry: 1000\n\nevent: log\nid: %d\ndata: {\"epoch\":\"%s\",\"first\":1,\"last\":%d}\n\n",
          position,
          epoch,
          last);
    } finally {
      lock.unlock();
    }
  }

  private Block await(int index) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (blocks.size() <= index) {
        grown.await();
      }
      return blocks.get(index);
    } finally {
      lock.unlock();
    }
  }
}
