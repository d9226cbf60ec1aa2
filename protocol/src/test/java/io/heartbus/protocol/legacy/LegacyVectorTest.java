package io.heartbus.protocol.legacy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Vector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden vectors of HBP/1, against the records written by hand beside them. */
class LegacyVectorTest {
  static Stream<Vector> frames() {
    return vectors().filter(vector -> vector.outcome().equals("frame"));
  }

  static Stream<Vector> refused() {
    return vectors().filter(vector -> vector.name().startsWith("refused-"));
  }

  static Stream<Vector> vectors() {
    return Vector.of("HBP/1").stream();
  }

  @Test
  void everyVectorIsOfOneKindAndEveryFrameHasARecord() {
    assertThat(Stream.concat(frames(), refused()).map(Vector::name))
        .containsExactlyInAnyOrderElementsOf(vectors().map(Vector::name).toList());
    assertThat(LegacyVectorRecords.BY_NAME.keySet())
        .isEqualTo(frames().map(Vector::name).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aVectorDecodesToItsRecord(Vector vector) throws ProtocolException {
    assertThat(decode(vector, vector.bytes()))
        .isEqualTo(LegacyVectorRecords.BY_NAME.get(vector.name()));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aRecordEncodesAsPhpWritesItOrToAnotherFormOfIt(Vector vector) throws ProtocolException {
    LegacyFrame frame = LegacyVectorRecords.BY_NAME.get(vector.name());
    byte[] bytes = LegacyCodec.encode(frame);
    if (vector.encodes()) {
      assertThat(bytes).isEqualTo(vector.bytes());
    } else {
      assertThat(bytes).isNotEqualTo(vector.bytes());
      assertThat(decode(vector, bytes)).isEqualTo(frame);
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aRefusedVectorGivesItsCodeAndANumberOfHbp1(Vector vector) {
    assertThatThrownBy(() -> decode(vector, vector.bytes()))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.valueOf(vector.outcome()));
              assertThat(LegacyError.of(e.code())).isEqualTo(LegacyError.MALFORMED);
            });
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aChangedByteGivesAFrameOrACodeAndNothingElse(Vector vector) {
    FrameType type = FrameType.of(vector.bytes()[2]);
    for (int at = 7; at < vector.bytes().length; at++) {
      for (int change = 1; change < 256; change++) {
        byte[] bytes = vector.bytes().clone();
        bytes[at] ^= (byte) change;
        check(vector, type, bytes);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aBodyCutAnywhereGivesACode(Vector vector) {
    FrameType type = FrameType.of(vector.bytes()[2]);
    int lastBrace = new String(vector.bytes(), ISO_8859_1).lastIndexOf('}');
    for (int end = 7; end <= lastBrace; end++) {
      byte[] body = Arrays.copyOfRange(vector.bytes(), 7, end);
      assertThatThrownBy(() -> LegacyCodec.decode(type, vector.sender(), body))
          .isInstanceOf(ProtocolException.class);
    }
  }

  private static void check(Vector vector, FrameType type, byte[] bytes) {
    byte[] body = Arrays.copyOfRange(bytes, 7, bytes.length);
    try {
      LegacyFrame frame = LegacyCodec.decode(type, vector.sender(), body);
      // Whatever got in can go out again, and means the same there.
      assertThat(decode(vector, LegacyCodec.encode(frame))).isEqualTo(frame);
    } catch (ProtocolException expected) {
      assertThat(expected.getMessage().length()).isLessThan(100);
    } catch (RuntimeException e) {
      throw new AssertionError(new String(body, UTF_8), e);
    }
  }

  /** Reads one frame with HBP/2's own reader: the header is the same. */
  private static LegacyFrame decode(Vector vector, byte[] bytes) throws ProtocolException {
    FrameReader reader = new FrameReader(vector.sender());
    if (vector.registered()) {
      reader.registered(65_536);
    }
    for (int at = 0; at < bytes.length; ) {
      assertThat(reader.advance()).isFalse();
      ByteBuffer room = reader.intake(0);
      int count = Math.min(room.remaining(), bytes.length - at);
      room.put(bytes, at, count);
      at += count;
    }
    assertThat(reader.advance()).isTrue();
    return LegacyCodec.decode(FrameType.of(reader.typeCode()), vector.sender(), reader.body());
  }
}
