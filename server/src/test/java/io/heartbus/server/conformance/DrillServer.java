package io.heartbus.server.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A server in a process of its own that can be made unwell: it says where it listens, and then does
 * what the lines of its input say, until they end.
 */
final class DrillServer {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int SPINNERS = 64;
  private static final int BALLAST_PIECES = 100_000;
  private static final int PIECE_BYTES = 512;

  private DrillServer() {}

  /** The argument is what differs from the settings of a {@link TestServer}. */
  public static void main(String[] arguments) throws Exception {
    try (TestServer server = TestServer.start(arguments[0]);
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(
          "listening "
              + server.address().getPort()
              + " "
              + server.server().httpAddress().getPort());
      obey(commands);
    }
  }

  private static void obey(BufferedReader commands) throws IOException, InterruptedException {
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "starve" -> starve(nanos(words));
        case "collect" -> collect(nanos(words));
        default -> throw new IllegalArgumentException(line);
      }
      System.out.println("done");
    }
  }

  private static long nanos(String[] words) {
    return Long.parseLong(words[1]) * NANOS_PER_MS;
  }

  /** Keeps all carriers busy for so long: no other virtual thread runs. */
  private static void starve(long nanos) throws InterruptedException {
    long startNanos = System.nanoTime();
    List<Thread> spinners = new ArrayList<>();
    for (int i = 0; i < SPINNERS; i++) {
      spinners.add(
          Thread.startVirtualThread(() -> {
            while (System.nanoTime() - startNanos < nanos) {
              Thread.onSpinWait();
            }
          }));
    }
    for (Thread spinner : spinners) {
      spinner.join();
    }
  }

  /** Collects all garbage for so long, over and over, with something to look through. */
  private static void collect(long nanos) {
    List<byte[]> ballast = new ArrayList<>();
    for (int i = 0; i < BALLAST_PIECES; i++) {
      ballast.add(new byte[PIECE_BYTES]);
    }
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < nanos) {
      System.gc();
      ballast.set(ballast.size() / 2, new byte[PIECE_BYTES]);
    }
  }
}
