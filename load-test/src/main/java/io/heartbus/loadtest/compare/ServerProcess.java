package io.heartbus.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's process, as the kernel tells of it in /proc, and jcmd of its heap. Stateless. */
record ServerProcess(long pid) {
  /** Of a tick in /proc: Linux shows them as hundredths of a second on every machine. */
  private static final long NANOS_PER_TICK = 10_000_000;

  /** Of the fields behind the name of the program, which may hold spaces. */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final long BYTES_PER_KIB = 1024;
  private static final long JCMD_SECONDS_MAX = 60;

  /** The processor time that it has used so far, its own and the kernel's for it. */
  long cpuNanos() throws IOException {
    return cpuNanos(Files.readString(Path.of("/proc/" + pid + "/stat")));
  }

  static long cpuNanos(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return NANOS_PER_TICK
        * (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]));
  }

  /** Its resident memory. */
  long residentBytes() throws IOException {
    return BYTES_PER_KIB * find(RESIDENT, Files.readString(Path.of("/proc/" + pid + "/status")));
  }

  /** Has a JVM collect its garbage. */
  void collect() throws IOException {
    jcmd("GC.run");
  }

  /** What lives in the heap of a JVM. */
  long liveBytes() throws IOException {
    return liveBytes(jcmd("GC.class_histogram"));
  }

  static long liveBytes(String histogram) throws IOException {
    return find(TOTAL, histogram);
  }

  private static long find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in " + text.lines().findFirst().orElse("nothing"));
    }
    return Long.parseLong(matcher.group(1));
  }

  private String jcmd(String command) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(JCMD_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("jcmd " + command + ": " + printed.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return printed;
  }
}
