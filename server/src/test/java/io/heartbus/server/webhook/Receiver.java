package io.heartbus.server.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver of webhooks on a port of its own that answers each request as a test says. */
public final class Receiver implements AutoCloseable {
  static final long PATIENCE_SECONDS = 20;

  /** What it does once it has read a request. */
  @FunctionalInterface
  public interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /**
   * A request as it came.
   *
   * @param headers by name in lower case
   * @param connection the number of the connection that brought it, from 1
   */
  public record Request(String line, Map<String, String> headers, String body, int connection) {}

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private volatile Answer usual = status(200);
  private int connections;

  public Receiver() throws IOException {
    Thread.ofVirtual().start(this::acceptAll);
  }

  public static Answer status(int status) {
    return raw("HTTP/1.1 " + status + " So\r\nContent-Length: 2\r\n\r\nok");
  }

  static Answer raw(String text) {
    return out -> out.write(text.getBytes(ISO_8859_1));
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/hook?token=in-the-address");
  }

  /** The next requests are answered so; those behind them as usual. */
  Receiver answers(Answer... next) {
    script.addAll(List.of(next));
    return this;
  }

  public void usually(Answer answer) {
    usual = answer;
  }

  public Request next() throws InterruptedException {
    return requireNonNull(
        requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nobody asked in time");
  }

  /** A request that came already; null when none did. */
  public Request poll() {
    return requests.poll();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = ++connections;
        Thread.ofVirtual().start(() -> serve(socket, number));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        requests.add(request(line, in, number));
        Answer answer = script.poll();
        (answer == null ? usual : answer).write(socket.getOutputStream());
      }
    } catch (IOException | InterruptedException over) {
      // The other side has hung up, or the test is over.
    }
  }

  private static Request request(String line, InputStream in, int number) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(line, headers, new String(in.readNBytes(length), UTF_8), number);
  }

  /** Up to the next line break; empty at the end, too. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
