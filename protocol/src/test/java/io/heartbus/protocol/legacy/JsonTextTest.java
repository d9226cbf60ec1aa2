package io.heartbus.protocol.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bounds of the JSON that is read, and the exact form of the JSON that is written. */
class JsonTextTest {
  @Test
  void deepNestingIsRefusedWithoutDeepRecursion() throws ProtocolException {
    assertThat(register("{\"metadata\":{\"a\":" + nested(60) + "}}").metadata())
        .containsEntry("a", nested(60));
    assertRefused(FrameType.REGISTER, envelope("{\"metadata\":{\"a\":" + nested(100) + "}}"));
    assertRefused(FrameType.REGISTER, envelope("{\"metadata\":{\"a\":" + nested(30_000) + "}}"));
    assertRefused(FrameType.DATA, "{\"x\":".repeat(50_000));
    assertRefused(FrameType.DATA, "[".repeat(50_000));
  }

  @Test
  void aHugePayloadIsTakenAsFarAsAFrameReaches() throws ProtocolException {
    String text = "é".repeat(1 << 20);
    assertThat(decode(FrameType.DATA, "{\"payload\":\"" + text + "\"}"))
        .isEqualTo(new LegacyFrame.Data(0, text));
    assertRefused(FrameType.DATA, "{\"payload\":\"" + "x".repeat(Wire.BODY_BYTES_MAX) + "\"}");
    assertRefused(FrameType.DATA, "{\"" + "x".repeat(100_000) + "\":1}");
  }

  @Test
  void aHugeNumberIsRefusedAndCostsNothing() throws ProtocolException {
    assertRefused(FrameType.DATA, "{\"x\":" + "9".repeat(50_000) + "}");
    // An exponent that would fill the memory as an exact number.
    assertThat(decode(FrameType.HEARTBEAT_REQ, envelope("{\"timestamp\":1e999999999}")))
        .isEqualTo(new LegacyFrame.HeartbeatRequest(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "1761638400.123456, 1761638400123456",
    "1761638400, 1761638400000000",
    "1761638400.000001, 1761638400000001",
    "1.761638400123456e9, 1761638400123456",
    "0, 0",
    "-1.5, -1500000",
    "null, 0",
    "4294967295.999999, 4294967295999999",
  })
  void aTimeIsSecondsWithMicroseconds(String json, long micros) throws ProtocolException {
    assertThat(decode(FrameType.HEARTBEAT_REQ, envelope("{\"timestamp\":" + json + "}")))
        .isEqualTo(new LegacyFrame.HeartbeatRequest(micros));
  }

  @ParameterizedTest
  @CsvSource({
    "1761638400123456, 1761638400.123456",
    "1761638400120000, 1761638400.12",
    "1761638400000000, 1761638400",
    "1000000000000000, 1000000000",
    "1, 0.000001",
    "0, 0",
  })
  void aTimeIsWrittenAsPhpWritesAFloat(long micros, String json) {
    String frame = text(LegacyCodec.encode(new LegacyFrame.HeartbeatResponse(micros)));
    assertThat(frame).endsWith("{\\\"timestamp\\\":" + json + "}\"}");
  }

  @Test
  void whatIsWrittenIsAscii() {
    byte[] frame = LegacyCodec.encode(new LegacyFrame.Data(1, "é漢😀\u2028/\u0000\u001F\u007F\"\\"));
    assertThat(text(frame))
        .endsWith("\"\\u00e9\\u6f22\\ud83d\\ude00\\u2028\\/\\u0000\\u001f\u007F\\\"\\\\\"}");
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static LegacyFrame decode(FrameType type, String body) throws ProtocolException {
    return LegacyCodec.decode(type, Role.NODE, body.getBytes(UTF_8));
  }

  private static LegacyFrame.Register register(String payload) throws ProtocolException {
    return (LegacyFrame.Register) decode(FrameType.REGISTER, envelope(payload));
  }

  private static void assertRefused(FrameType type, String body) {
    assertThatThrownBy(() -> decode(type, body))
        .isInstanceOfSatisfying(
            ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR));
  }

  private static String envelope(String payload) {
    return "{\"payload\":\"" + payload.replace("\"", "\\\"") + "\"}";
  }

  private static String text(byte[] frame) {
    return new String(frame, Wire.HEADER_BYTES, frame.length - Wire.HEADER_BYTES, UTF_8);
  }
}
