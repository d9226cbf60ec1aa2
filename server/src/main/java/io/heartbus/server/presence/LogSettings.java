package io.heartbus.server.presence;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the presence log, in memory and on disk.
 *
 * @param eventsMax how many events memory holds, the newest
 * @param bytesMax about how many bytes they may take there
 * @param dir where segments are written; null for nowhere
 * @param fsync when the disk is waited for
 * @param fsyncIntervalMs how often, for {@link Fsync#INTERVAL}
 * @param segmentBytes how large a segment grows before the next one begins
 * @param retainBytes how much all segments may take; the oldest go
 * @param retainMs how old a segment may get; the older ones go
 */
public record LogSettings(
    int eventsMax,
    long bytesMax,
    @Nullable Path dir,
    Fsync fsync,
    long fsyncIntervalMs,
    int segmentBytes,
    long retainBytes,
    long retainMs) {

  /** A log in memory only. */
  public static LogSettings inMemory(int eventsMax, long bytesMax) {
    return new LogSettings(eventsMax, bytesMax, null, Fsync.NEVER, 0, 0, 0, 0);
  }

  /** When the disk is waited for. Whatever it is, an event is written before anybody reads it. */
  public enum Fsync {
    /** Before anybody reads an event. */
    ALWAYS,
    /** Every so often. */
    INTERVAL,
    /** When the kernel sees fit. */
    NEVER
  }
}
