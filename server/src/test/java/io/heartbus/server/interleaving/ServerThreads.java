package io.heartbus.server.interleaving;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The virtual threads of channels in this process, which a thread dump shows. */
public final class ServerThreads {
  private ServerThreads() {}

  /** How many consumers of channels there are, of all servers. */
  public static int count() {
    try {
      Path folder = Files.createTempDirectory("threads");
      Path file = folder.resolve("dump.txt");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      try (var lines = Files.lines(file)) {
        return (int) lines.filter(line -> line.contains(".channel.Consumer.run")).count();
      } finally {
        Files.delete(file);
        Files.delete(folder);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
