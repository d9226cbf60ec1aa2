package io.heartbus.server.node;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;

/** The live objects of this process at one moment, by class: bytes after a full collection. */
public record HeapByClass(Map<String, Long> bytes) {
  private static final int CLASS = 3;
  private static final int BYTES = 2;
  private static final int COLUMNS_MIN = 4;

  /** Collects, and counts what is left. Takes seconds on a large heap. */
  public static HeapByClass now() throws JMException {
    Object text =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    Map<String, Long> bytes = new HashMap<>();
    text.toString()
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= COLUMNS_MIN && words[0].endsWith(":"))
        .forEach(words -> bytes.merge(words[CLASS], Long.parseLong(words[BYTES]), Long::sum));
    return new HeapByClass(bytes);
  }

  /**
   * What each of so many nodes added since, as lines for people: the sum, and the classes.
   *
   * @param without a class that is not part of it
   */
  public List<String> perNode(HeapByClass before, int nodes, String without) {
    Set<String> classes = new HashSet<>(bytes.keySet());
    classes.addAll(before.bytes.keySet());
    classes.remove(without);
    Map<String, Double> added = new HashMap<>();
    for (String name : classes) {
      long more = bytes.getOrDefault(name, 0L) - before.bytes.getOrDefault(name, 0L);
      added.put(name, (double) more / nodes);
    }
    List<String> lines = new ArrayList<>();
    double sum = added.values().stream().mapToDouble(Double::doubleValue).sum();
    lines.add(String.format(Locale.ROOT, "%.0f bytes", sum));
    added.entrySet().stream()
        .filter(entry -> Math.abs(entry.getValue()) >= 1)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(entry ->
            lines.add(String.format(Locale.ROOT, "%8.1f  %s", entry.getValue(), entry.getKey())));
    return lines;
  }
}
