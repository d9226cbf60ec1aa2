package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers: which rule is broken first, how early that is seen, and what is let pass. */
class FrameReaderTest {
  private static final int MAX = FrameStream.FRAME_BYTES_MAX;
  private static final byte[] BEAT = FrameWriter.encode(Frame.HeartbeatRequest.PLAIN);

  @ParameterizedTest
  @CsvSource({
    // Everything is wrong: magic comes first.
    "AB13FFFFFFFFFF, BAD_MAGIC",
    // Unknown, out of state and too long: the type.
    "AB12FFFFFFFFFF, UNKNOWN_TYPE",
    // A type of servers, out of state and too long: the type.
    "AB1202FFFFFFFF, UNEXPECTED_FRAME",
    // Out of state and too long: the state.
    "AB1201FFFFFFFF, UNEXPECTED_FRAME",
    "AB1240FFFFFFFF, UNEXPECTED_FRAME",
    // Too long, and what is there of the body is not even a version: the limit.
    "AB120600001001FF, FRAME_TOO_LARGE",
  })
  void beforeRegisterRulesAreJudgedInOrder(String hex, ErrorCode expected) {
    assertThat(read(false, hex).code()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "AB130600010001, BAD_MAGIC",
    "AB120F00010001, UNKNOWN_TYPE",
    "AB120600010001, ALREADY_REGISTERED",
    "AB120C00010001, FRAME_TOO_LARGE",
    "AB120C0000000700000000000000, FRAME_SIZE",
  })
  void afterRegisterRulesAreJudgedInOrder(String hex, ErrorCode expected) {
    assertThat(read(true, hex).code()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "12, BAD_MAGIC",
    "AB21, BAD_MAGIC",
    "AB1200, UNKNOWN_TYPE",
    "AB120F, UNKNOWN_TYPE",
    "AB1280, UNKNOWN_TYPE",
    "AB12FF, UNKNOWN_TYPE",
    "AB1202, UNEXPECTED_FRAME",
    "AB1206, ALREADY_REGISTERED",
  })
  void aHeaderIsJudgedAsSoonAsItsBytesAreThere(String hex, ErrorCode expected) {
    String shorter = hex.substring(0, hex.length() - 2);
    assertThat(read(true, shorter).code()).isNull();
    assertThat(read(true, hex).code()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01000000", "00010001", "80000000", "FFFFFFFF", "7FFFFFFF"})
  void aLengthOverTheLimitIsRefusedBeforeItsBodyComes(String length) {
    FrameStream stream = read(true, "AB1203" + length);
    assertThat(stream.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
    assertThat(stream.capacityMax()).isEqualTo(FrameReader.IDLE_BYTES);
  }

  @Test
  void theMessageOfALengthOverTheLimitSaysItUnsigned() {
    FrameReader reader = new FrameReader(Role.NODE);
    reader.registered(MAX);
    reader.intake(0).put(HexFormat.of().parseHex("AB1203FFFFFFFF"));
    assertThatThrownBy(reader::advance).hasMessageContaining("4294967295");
  }

  @Test
  void aBodyOfExactlyTheLimitIsAcceptedAndOneByteMoreIsNot() {
    byte[] most = FrameWriter.encode(Frame.Data.of(1, 0, new byte[MAX - 5]));
    assertThat(new FrameStream(Role.NODE, true).feed(most).seen()).hasSize(1);
    byte[] over = FrameWriter.encode(Frame.Data.of(1, 0, new byte[MAX - 4]));
    assertThat(new FrameStream(Role.NODE, true).feed(over).code())
        .isEqualTo(ErrorCode.FRAME_TOO_LARGE);
  }

  @Test
  void noLimitLiftsTheTopByteOfALength() {
    FrameReader reader = new FrameReader(Role.NODE);
    reader.registered(Integer.MAX_VALUE);
    reader.intake(0).put(HexFormat.of().parseHex("AB120301000000"));
    assertThatThrownBy(reader::advance)
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE));
  }

  @Test
  void aRegisterOf4096BytesIsAcceptedAndOneOf4097IsNot() {
    assertThat(new FrameStream(Role.NODE, false).feed(registerOf(4096)).frame())
        .isInstanceOf(Frame.Register.class);
    assertThat(new FrameStream(Role.NODE, false).feed(registerOf(4097)).code())
        .isEqualTo(ErrorCode.FRAME_TOO_LARGE);
  }

  @Test
  void afterRegisterTheNegotiatedLimitHolds() {
    FrameStream stream = new FrameStream(Role.NODE, false).feed(registerOf(100));
    byte[] large = FrameWriter.encode(Frame.Data.of(1, 0, new byte[60_000]));
    assertThat(stream.feed(large).seen()).hasSize(2);
  }

  @Test
  void everySkippableTypeIsSkippedEmptyOrAsLargeAsCanBe() {
    for (int code = Wire.SKIPPABLE_FIRST; code <= Wire.SKIPPABLE_LAST; code++) {
      for (int bodyBytes : new int[] {0, MAX}) {
        FrameStream stream = new FrameStream(Role.NODE, true);
        stream.feed(frameOf(code, bodyBytes)).feed(BEAT);
        assertThat(stream.seen())
            .isEqualTo(
                List.of(new FrameStream.Skipped(code, bodyBytes), Frame.HeartbeatRequest.PLAIN));
      }
    }
  }

  @Test
  void everyOtherUnknownTypeIsFatal() {
    for (int code = 0; code < 256; code++) {
      boolean skippable = code >= Wire.SKIPPABLE_FIRST && code <= Wire.SKIPPABLE_LAST;
      if (FrameType.of(code) == null && !skippable) {
        assertThat(new FrameStream(Role.NODE, true).feed(frameOf(code, 0)).code())
            .as("type %d", code)
            .isEqualTo(ErrorCode.UNKNOWN_TYPE);
      }
    }
  }

  @Test
  void beforeRegisterEveryOtherTypeOfANodeIsUnexpected() {
    for (FrameType type : FrameType.values()) {
      if (type != FrameType.REGISTER) {
        assertThat(new FrameStream(Role.NODE, false).feed(frameOf(type.code(), 0)).code())
            .as("%s", type)
            .isEqualTo(ErrorCode.UNEXPECTED_FRAME);
      }
    }
  }

  @Test
  void aServerMayRefuseBeforeItAnswers() {
    FrameStream stream = new FrameStream(Role.SERVER, false);
    assertThat(stream.feed(Vector.named("error-retry-later").bytes()).frame())
        .isInstanceOf(Frame.Fault.class);
  }

  @Test
  void aServerSendsNoHeartbeats() {
    assertThat(new FrameStream(Role.SERVER, true).feed(BEAT).code())
        .isEqualTo(ErrorCode.UNEXPECTED_FRAME);
  }

  @Test
  void wrongMagicAfterAValidFrameEndsTheStreamWithoutASearchForTheNext() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(BEAT);
    bytes.write(0);
    bytes.writeBytes(BEAT);
    FrameStream stream = new FrameStream(Role.NODE, true).feed(bytes.toByteArray());
    assertThat(stream.seen()).containsExactly(Frame.HeartbeatRequest.PLAIN);
    assertThat(stream.code()).isEqualTo(ErrorCode.BAD_MAGIC);
  }

  @Test
  void aMebibyteOfNoiseIsRefusedWithinAFewBytes() {
    byte[] noise = new byte[1 << 20];
    long seed = new Random().nextLong();
    new Random(seed).nextBytes(noise);
    noise[0] = 0x16; // As a TLS handshake begins.
    FrameStream stream = new FrameStream(Role.NODE, false).feed(noise);
    assertThat(stream.code()).as("seed %d", seed).isEqualTo(ErrorCode.BAD_MAGIC);
    assertThat(stream.capacityMax()).isEqualTo(FrameReader.BUSY_BYTES);
  }

  @Test
  void theBodyOfTheCurrentFrameIsThereAsBytes() throws ProtocolException {
    byte[] json = Vector.named("legacy-register").bytes();
    FrameReader reader = new FrameReader(Role.NODE);
    int at = 0;
    while (!reader.advance()) {
      int count = Math.min(reader.intake(0).remaining(), json.length - at);
      reader.intake(0).put(json, at, count);
      at += count;
    }
    assertThat(reader.firstBodyByte()).isEqualTo('{');
    assertThat(reader.typeCode()).isEqualTo(FrameType.REGISTER.code());
    assertThat(reader.body()).isEqualTo(Arrays.copyOfRange(json, Wire.HEADER_BYTES, json.length));
    assertThat(reader.bodyBytes()).isEqualTo(json.length - Wire.HEADER_BYTES);
  }

  @Test
  void anEmptyBodyHasNoFirstByteAndASkippedFrameNoRecord() throws ProtocolException {
    FrameReader reader = new FrameReader(Role.NODE);
    reader.registered(MAX);
    reader.intake(0).put(frameOf(0x41, 0));
    assertThat(reader.advance()).isTrue();
    assertThat(reader.firstBodyByte()).isEqualTo(-1);
    assertThatThrownBy(reader::frame).isInstanceOf(IllegalStateException.class);
  }

  private static FrameStream read(boolean registered, String hex) {
    return new FrameStream(Role.NODE, registered).feed(HexFormat.of().parseHex(hex));
  }

  private static byte[] frameOf(int typeCode, int bodyBytes) {
    byte[] frame = new byte[Wire.HEADER_BYTES + bodyBytes];
    frame[0] = (byte) 0xAB;
    frame[1] = 0x12;
    frame[2] = (byte) typeCode;
    frame[3] = (byte) (bodyBytes >> 24);
    frame[4] = (byte) (bodyBytes >> 16);
    frame[5] = (byte) (bodyBytes >> 8);
    frame[6] = (byte) bodyBytes;
    return frame;
  }

  /** A REGISTER with a body of that size, by means of a group label of the right length. */
  private static byte[] registerOf(int bodyBytes) {
    Frame.Register small = (Frame.Register) VectorRecords.BY_NAME.get("register-unknown-tlv");
    int rest = FrameWriter.encode(small).length - Wire.HEADER_BYTES - 1;
    String group = "g".repeat(bodyBytes - rest);
    Frame.Register padded =
        new Frame.Register(
            2,
            2,
            0,
            Wire.CAPABILITY_CREDIT,
            small.asked(),
            4096,
            65_536,
            1,
            1,
            "n",
            small.auth(),
            new Frame.Attributes(small.attributes().metadata(), group, null, null));
    byte[] bytes = FrameWriter.encode(padded);
    assertThat(bytes).hasSize(Wire.HEADER_BYTES + bodyBytes);
    return bytes;
  }
}
