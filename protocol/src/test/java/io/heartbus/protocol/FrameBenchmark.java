package io.heartbus.protocol;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to turn the bytes of a beat, and of a message, into a frame, and frames into bytes.
 * By hand: {@code mvn -q -pl protocol -am -Dbenchmark=protocol process-test-classes
 * -Djmh.args=FrameBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {
  private static final Frame.Stats STATS = new Frame.Stats(7, 300);
  private static final Frame BEAT_ANSWER = new Frame.HeartbeatResponse(STATS, null);
  private static final Frame DATA = Frame.Data.of(1, 0, new byte[100]);
  private static final byte[] BEAT_BYTES = FrameWriter.encode(new Frame.HeartbeatRequest(STATS));
  private static final byte[] DATA_BYTES = FrameWriter.encode(DATA);
  private static final int BATCH = 100;
  private static final byte[] BATCH_BYTES = batch();

  private final FrameReader reader = registered();

  private static FrameReader registered() {
    FrameReader made = new FrameReader(Role.NODE);
    made.registered(Wire.BODY_BYTES_MAX);
    return made;
  }

  private static byte[] batch() {
    byte[] bytes = new byte[BATCH * DATA_BYTES.length];
    for (int i = 0; i < BATCH; i++) {
      System.arraycopy(DATA_BYTES, 0, bytes, i * DATA_BYTES.length, DATA_BYTES.length);
    }
    return bytes;
  }

  /** A beat that came in a read of its own, as a record. */
  @Benchmark
  public Frame readBeat() throws ProtocolException {
    reader.intake(0).put(BEAT_BYTES);
    if (!reader.advance()) {
      throw new IllegalStateException("no frame");
    }
    return reader.frame();
  }

  /** A hundred messages of a hundred bytes that came in one read, as records. */
  @Benchmark
  public int readHundredMessages() throws ProtocolException {
    reader.intake(BATCH_BYTES.length).put(BATCH_BYTES);
    int channels = 0;
    while (reader.advance()) {
      channels += reader.frame() instanceof Frame.Data data ? (int) data.channel() : 0;
    }
    return channels;
  }

  /** The bytes of the answer to a beat. */
  @Benchmark
  public byte[] writeBeatAnswer() {
    return FrameWriter.encode(BEAT_ANSWER);
  }

  /** The bytes of a message of a hundred bytes. */
  @Benchmark
  public byte[] writeMessage() {
    return FrameWriter.encode(DATA);
  }
}
