package io.heartbus.server.connection;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How long this JVM stopped all of its threads, and for what: its own log of safepoints, in
 * nanoseconds, where the beans of collectors count milliseconds.
 */
final class Stops implements AutoCloseable {
  private static final Pattern STOP = Pattern.compile("Safepoint \"(\\w+)\".* Total: +(\\d+) ns");
  private static final double MICRO = 1e3;

  private final Path file;

  private Stops(Path file) {
    this.file = file;
  }

  /** Counts from now on. */
  static Stops begin() throws IOException, JMException {
    Path file = Files.createTempFile("safepoints", ".log");
    log("output=" + file, "what=safepoint=info");
    return new Stops(file);
  }

  private static void log(String... arguments) throws JMException {
    var _ =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "vmLog",
                new Object[] {arguments},
                new String[] {String[].class.getName()});
  }

  /** For each reason how often and how long at most, and the sum, as lines for people. */
  String text() throws IOException {
    record Reason(int count, long sumNanos, long maxNanos) {
      Reason plus(Reason other) {
        return new Reason(
            count + other.count, sumNanos + other.sumNanos, Math.max(maxNanos, other.maxNanos));
      }
    }
    Map<String, Reason> reasons = new TreeMap<>();
    Matcher stop = STOP.matcher(Files.readString(file));
    while (stop.find()) {
      long nanos = Long.parseLong(stop.group(2));
      reasons.merge(stop.group(1), new Reason(1, nanos, nanos), Reason::plus);
      reasons.merge("all", new Reason(1, nanos, nanos), Reason::plus);
    }
    StringBuilder lines = new StringBuilder();
    reasons.forEach((name, reason) ->
        lines.append(
            String.format(
                Locale.ROOT,
                "%n  %-32s %5d, sum %7.0f, max %6.0f us",
                name,
                reason.count,
                reason.sumNanos / MICRO,
                reason.maxNanos / MICRO)));
    return lines.toString();
  }

  @Override
  public void close() throws IOException, JMException {
    log("output=" + file, "what=all=off");
    Files.delete(file);
  }
}
