package io.heartbus.loadtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A load tester that another one starts, for nodes that are to be stopped or cut off with their
 * process. Its settings come as system properties; it begins at the first line of its standard
 * input, and ends without a goodbye with that. What it does is told by {@link OutpostLine}s.
 */
public final class OutpostMain {
  private OutpostMain() {}

  /**
   * Runs it.
   *
   * @param args the number of its first node
   */
  public static void main(String[] args) throws UsageException, IOException {
    Settings settings = Settings.load(null, Map.of());
    Scenario scenario = settings.scenario();
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println(new OutpostLine.Ready(System.nanoTime()).text());
    if (orders.readLine() == null) {
      return;
    }
    Thread.ofPlatform().name("orders").daemon().start(() -> obey(orders));
    OutpostScript script =
        new OutpostScript(settings.nodePrefix(""), Integer.parseInt(args[0]), System.out);
    try (Timeline timeline = Timeline.unseen(scenario)) {
      new Fleet(scenario, script, RandomGenerator.getDefault()).run(timeline);
    }
  }

  private static void obey(BufferedReader orders) {
    try {
      while (orders.readLine() != null) {
        // There is no further order.
      }
    } catch (IOException e) {
      // Whoever gave orders is gone.
    }
    Runtime.getRuntime().halt(0);
  }
}
