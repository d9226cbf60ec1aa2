package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden vectors of HBP/2, against the records written by hand beside them. */
class VectorTest {
  static Stream<Vector> frames() {
    return Vector.of("HBP/2").stream().filter(vector -> vector.outcome().equals("frame"));
  }

  static Stream<Vector> skipped() {
    return Vector.of("HBP/2").stream().filter(vector -> vector.outcome().equals("skipped"));
  }

  static Stream<Vector> refused() {
    return Vector.of("HBP/2").stream().filter(vector -> vector.name().startsWith("refused-"));
  }

  static Stream<Vector> vectors() {
    return Vector.of("HBP/2").stream();
  }

  @Test
  void everyVectorIsOfOneKindAndEveryFrameHasARecord() {
    assertThat(Stream.of(frames(), skipped(), refused()).flatMap(s -> s).map(Vector::name))
        .containsExactlyInAnyOrderElementsOf(vectors().map(Vector::name).toList());
    assertThat(VectorRecords.BY_NAME.keySet())
        .isEqualTo(frames().map(Vector::name).collect(Collectors.toSet()));
  }

  @Test
  void everyTypeHasAVector() {
    Set<FrameType> types =
        frames().map(vector -> vector.read().frame().type()).collect(Collectors.toSet());
    assertThat(types).containsExactlyInAnyOrder(FrameType.values());
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aVectorDecodesToItsRecord(Vector vector) {
    FrameStream stream = vector.read();
    assertThat(stream.frame()).isEqualTo(VectorRecords.BY_NAME.get(vector.name()));
    assertThat(stream.reader().midFrame()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aRecordEncodesToItsVectorOrToAnotherFormOfIt(Vector vector) {
    Frame frame = VectorRecords.BY_NAME.get(vector.name());
    byte[] bytes = FrameWriter.encode(frame);
    if (vector.encodes()) {
      assertThat(bytes).isEqualTo(vector.bytes());
    } else {
      assertThat(bytes).isNotEqualTo(vector.bytes());
      assertThat(vector.stream().feed(bytes).frame()).isEqualTo(frame);
    }
  }

  @ParameterizedTest
  @MethodSource("skipped")
  void aSkippedVectorLeavesTheStreamInStep(Vector vector) {
    byte[] beat = Vector.named("ping-opaque").bytes();
    FrameStream stream = vector.read().feed(beat);
    int bodyBytes = vector.bytes().length - Wire.HEADER_BYTES;
    assertThat(stream.seen())
        .isEqualTo(
            List.of(
                new FrameStream.Skipped(vector.bytes()[2], bodyBytes),
                VectorRecords.BY_NAME.get("ping-opaque")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aRefusedVectorGivesItsCodeAndNothingElse(Vector vector) {
    FrameStream stream = vector.read();
    assertThat(stream.code()).isEqualTo(ErrorCode.valueOf(vector.outcome()));
    assertThat(stream.seen()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aVectorCutAnywhereOrFedByteByByteGoesTheSameWay(Vector vector) {
    byte[] bytes = vector.bytes();
    List<Object> whole = vector.read().story();
    for (int cut = 1; cut < bytes.length; cut++) {
      FrameStream stream = vector.stream().feed(bytes, 0, cut);
      assertThat(stream.seen()).as("before the cut at %d", cut).isEmpty();
      assertThat(stream.feed(bytes, cut, bytes.length).story())
          .as("cut at %d", cut)
          .isEqualTo(whole);
    }
    FrameStream dripping = vector.stream();
    for (int i = 0; i < bytes.length; i++) {
      dripping.feed(bytes, i, i + 1);
    }
    assertThat(dripping.story()).isEqualTo(whole);
  }
}
