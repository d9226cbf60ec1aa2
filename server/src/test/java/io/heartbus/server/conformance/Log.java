package io.heartbus.server.conformance;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the server logs while this is open. The log goes to standard output, so that is diverted.
 */
final class Log implements AutoCloseable {
  private final PrintStream usual = System.out;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Log() {
    OutputStream both =
        new OutputStream() {
          @Override
          public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public synchronized void write(byte[] part, int from, int count) {
            bytes.write(part, from, count);
            usual.write(part, from, count);
          }
        };
    System.setOut(new PrintStream(both, true, StandardCharsets.UTF_8));
  }

  List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Lines that a person would be alarmed by. */
  List<String> alarms() {
    return lines().stream()
        // A machine that is busy otherwise may stop any process; that says nothing about strangers.
        .filter(line -> !line.contains("LivenessClock"))
        .filter(line -> line.matches(".*\\b(WARN|ERROR)\\b.*|\\tat .*|.*Exception.*"))
        .toList();
  }

  @Override
  public void close() {
    System.setOut(usual);
  }
}
