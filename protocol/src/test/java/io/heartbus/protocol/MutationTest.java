package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector with every one of its bytes changed to every other value. */
class MutationTest {
  static Stream<Vector> vectors() {
    return Vector.of("HBP/2").stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aChangedByteGivesFramesOrACodeOrAWaitAndNothingElse(Vector vector) {
    for (int at = 0; at < vector.bytes().length; at++) {
      for (int change = 1; change < 256; change++) {
        byte[] bytes = vector.bytes().clone();
        bytes[at] ^= (byte) change;
        check(vector, bytes, at);
      }
    }
  }

  private static void check(Vector vector, byte[] bytes, int at) {
    FrameStream stream;
    try {
      stream = vector.stream().feed(bytes);
    } catch (RuntimeException e) {
      throw new AssertionError(vector + " with byte " + at + " as " + bytes[at], e);
    }
    assertThat(!stream.seen().isEmpty() || stream.reader().midFrame() || stream.code() != null)
        .as("%s with byte %d as %d leaves a trace", vector, at, bytes[at])
        .isTrue();
    for (Object seen : stream.seen()) {
      if (seen instanceof Frame frame) {
        // Whatever got in can go out again, and means the same there.
        byte[] again = FrameWriter.encode(frame);
        assertThat(vector.stream().feed(again).frame()).isEqualTo(frame);
        FrameLog.received(frame);
      }
    }
  }
}
