package io.heartbus.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program of the system. Stateless. */
final class Command {
  private Command() {}

  /**
   * Runs it to its end, and waits for that.
   *
   * @throws IOException when it fails, with what it said
   */
  static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said;
    try (InputStream output = process.getInputStream()) {
      said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    int code = process.waitFor();
    if (code != 0) {
      String why = said.isEmpty() ? "exit code " + code : said.lines().toList().getFirst();
      throw new IOException(command.getFirst() + ": " + why);
    }
  }
}
