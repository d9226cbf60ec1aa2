package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameType;
import io.heartbus.server.metrics.DurationHistogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What went over connections so far. Any thread reads; this room writes. */
public final class ConnectionCounts {
  /** Connections that were accepted. */
  public final LongAdder accepted = new LongAdder();

  public final LongAdder bytesIn = new LongAdder();
  public final LongAdder bytesOut = new LongAdder();

  /** Frames of types that SPEC leaves to the future, and frames on channels already closed. */
  public final LongAdder skipped = new LongAdder();

  /** Writes that made no progress within their limit. */
  public final LongAdder stalledWrites = new LongAdder();

  /** Round trips as nodes measured them. */
  public final DurationHistogram roundTrip =
      new DurationHistogram(
          0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5);

  private final Map<FrameType, LongAdder> framesIn = adders(FrameType.class);
  private final Map<FrameType, LongAdder> framesOut = adders(FrameType.class);
  private final Map<ErrorCode, LongAdder> errors = adders(ErrorCode.class);
  private final Map<CloseReason, LongAdder> closed = adders(CloseReason.class);
  private final Map<ErrorCode, LongAdder> rejected = adders(ErrorCode.class);

  private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> keys) {
    Map<K, LongAdder> adders = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      adders.put(key, new LongAdder());
    }
    return adders;
  }

  /** Frames received, by type. */
  public LongAdder framesIn(FrameType type) {
    return of(framesIn, type);
  }

  /** Frames written, by type. */
  public LongAdder framesOut(FrameType type) {
    return of(framesOut, type);
  }

  /** Errors told to peers, by code. */
  public LongAdder errors(ErrorCode code) {
    return of(errors, code);
  }

  /** Connections that ended, by reason. */
  public LongAdder closed(CloseReason reason) {
    return of(closed, reason);
  }

  /** Connections and registrations that were refused, by what they were told. */
  public LongAdder rejected(ErrorCode code) {
    return of(rejected, code);
  }

  private static <K> LongAdder of(Map<K, LongAdder> adders, K key) {
    // Every constant has its counter.
    return Objects.requireNonNull(adders.get(key));
  }
}
