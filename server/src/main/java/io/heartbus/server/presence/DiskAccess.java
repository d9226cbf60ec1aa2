package io.heartbus.server.presence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.UUID;

/**
 * How the log reaches the disk, and how long it has patience with it.
 *
 * @param opener opens its files
 * @param boot names this run of the operating system
 * @param retryNanos between two tries to use a disk that failed
 * @param stuckNanos how long the disk may keep events back before the log goes on without it
 * @param closeNanos how long the end of the log may take
 */
record DiskAccess(Opener opener, UUID boot, long retryNanos, long stuckNanos, long closeNanos) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final long RETRY_NANOS = 30_000_000_000L;
  private static final long STUCK_NANOS = 5_000_000_000L;
  private static final long CLOSE_NANOS = 5_000_000_000L;

  /** Opens a file. */
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path file, OpenOption... options) throws IOException;
  }

  static DiskAccess ofThisMachine() {
    return new DiskAccess(FileChannel::open, thisBoot(), RETRY_NANOS, STUCK_NANOS, CLOSE_NANOS);
  }

  private static UUID thisBoot() {
    try {
      return UUID.fromString(Files.readString(BOOT_ID).strip());
    } catch (IOException | IllegalArgumentException notLinux) {
      return SegmentHeader.UNKNOWN_BOOT;
    }
  }
}
