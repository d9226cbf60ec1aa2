package io.heartbus.protocol.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HBP/1 codec takes and refuses beyond the vectors. */
class LegacyCodecTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "\"text\"",
        "[]",
        "{",
        "{}x",
        "{}{}",
        "{} 1",
        "{\"payload\":\"a\",}",
        "{\"payload\":'a'}",
        "{payload:\"a\"}",
        "{\"payload\":\"a\"",
        "{\"payload\":\"a}",
        "{\"payload\":\"a\nb\"}",
        "{\"payload\":\"\\x41\"}",
        "{\"payload\":\"\\ud800\"}",
        "{\"payload\":\"\\udc00\\ud800\"}",
        "{\"payload\":1}",
        "{\"payload\":[]}",
        "{\"payload\":true}",
        "{\"channel_id\":\"1\"}",
        "{\"channel_id\":1.0}",
        "{\"channel_id\":9223372036854775808}",
        "{\"channel_id\":01}",
        "{\"channel_id\":NaN}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"\\ud800\":1}",
        "{// comment\n}",
        "\uFEFF{}",
      })
  void whatIsNotOneObjectOfStrictJsonIsRefused(String body) {
    assertRefused(FrameType.DATA, body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 0 | ''",
        "{\"payload\":null,\"channel_id\":null} | 0 | ''",
        "{\"channel_id\":-5,\"payload\":\"x\"} | -5 | x",
        "{\"channel_id\":9223372036854775807,\"payload\":\"\\u0041\\/\"} | 9223372036854775807 |"
            + " A/",
        "{\"payload\":\"x\",\"later\":[{\"deep\":[1,2.5e3,null]}]} | 0 | x",
      })
  void whatIsAbsentHasItsDefaultAndWhatIsUnknownIsSkipped(
      String body, long channelId, String payload) throws ProtocolException {
    assertThat(decode(FrameType.DATA, body)).isEqualTo(new LegacyFrame.Data(channelId, payload));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"node_id\":5}",
        "{\"node_id\":[\"a\"]}",
        "{\"metadata\":\"text\"}",
        "{\"metadata\":7}",
        "{\"metadata\":{\"a\":1}",
        "{\"metadata\":{\"a\":1,\"a\":2}}",
        "{\"metadata\":{\"a\":\"\\\\ud800\"}}",
        "{\"timestamp\":\"now\"}",
        "[]",
        "null",
        "x",
      })
  void aRegisterWhosePayloadIsNoSuchObjectIsRefused(String payload) {
    assertRefused(FrameType.REGISTER, envelope(payload));
  }

  @Test
  void nestedMetadataStaysItsTextToTheLetter() throws ProtocolException {
    String nested = " { \"b\" : [ 1.0, 2e+5, \"\\\\u00e9\", { } ] , \"a\":-0 }";
    LegacyFrame.Register register =
        register("{\"metadata\":{\"n\":" + nested + " ,\"l\":[ ],\"x\":-1.50E2 ,\"z\":false}}");
    assertThat(register.metadata())
        .isEqualTo(
            Map.of(
                "n",
                nested.strip().replace("\\\\", "\\"),
                "l",
                "[ ]",
                "x",
                "-1.50E2",
                "z",
                "false"));
  }

  @Test
  void theTokenIsTakenOutOfTheMetadataAndNeverPrinted() throws ProtocolException {
    LegacyFrame.Register register = register("{\"metadata\":{\"token\":\"s3cret\",\"a\":\"b\"}}");
    assertThat(register.token()).isEqualTo("s3cret");
    assertThat(register.metadata()).isEqualTo(Map.of("a", "b"));
    assertThat(register.toString()).doesNotContain("s3cret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LegacyFrame.Register("n", Map.of("token", "s3cret"), null, 0));
  }

  @Test
  void theGroupIsMetadataLikeAnyOtherAndTheLabelToo() throws ProtocolException {
    LegacyFrame.Register register = register("{\"metadata\":{\"group\":\"eu\"}}");
    assertThat(register.group()).isEqualTo("eu");
    assertThat(register.metadata()).isEqualTo(Map.of("group", "eu"));
    assertThat(register("{}").group()).isNull();
  }

  @Test
  void typesOfHbp2AndTypesOfTheOtherEndAreRefused() {
    for (FrameType type : FrameType.values()) {
      if (type.code() > FrameType.ERROR.code()) {
        assertCode(ErrorCode.UNKNOWN_TYPE, () -> LegacyCodec.decode(type, Role.NODE, utf8("{}")));
      }
    }
    assertCode(
        ErrorCode.UNEXPECTED_FRAME,
        () -> LegacyCodec.decode(FrameType.HEARTBEAT_RES, Role.NODE, utf8("{}")));
    assertCode(
        ErrorCode.UNEXPECTED_FRAME,
        () -> LegacyCodec.decode(FrameType.HEARTBEAT_REQ, Role.SERVER, utf8("{}")));
  }

  @Test
  void randomFramesComeOutAsTheyWentIn() throws ProtocolException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      LegacyFrame frame = random(random);
      byte[] bytes = LegacyCodec.encode(frame);
      Role sender = frame instanceof LegacyFrame.Registered ? Role.SERVER : Role.NODE;
      byte[] body = Arrays.copyOfRange(bytes, Wire.HEADER_BYTES, bytes.length);
      assertThat(LegacyCodec.decode(frame.type(), sender, body))
          .as("seed %d", seed)
          .isEqualTo(frame);
    }
  }

  @Test
  void manyVirtualThreadsMayUseItAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> tasks =
          IntStream.range(0, 2000)
              .<Callable<Boolean>>mapToObj(i ->
                  () -> {
                    LegacyFrame frame = new LegacyFrame.Data(i, "message " + i);
                    byte[] bytes = LegacyCodec.encode(frame);
                    byte[] body = Arrays.copyOfRange(bytes, 7, bytes.length);
                    return LegacyCodec.decode(FrameType.DATA, Role.NODE, body).equals(frame);
                  })
              .toList();
      for (Future<Boolean> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private static LegacyFrame random(Random random) {
    long time = random.nextLong(4_000_000_000_000_000L);
    return switch (random.nextInt(5)) {
      case 0 -> {
        Map<String, String> metadata = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          metadata.put(text(random), text(random));
        }
        String token = random.nextBoolean() ? text(random) : null;
        yield new LegacyFrame.Register(
            random.nextBoolean() ? "n" + text(random) : null, metadata, token, time);
      }
      case 1 -> new LegacyFrame.Registered(text(random), random.nextLong(), time);
      case 2 -> new LegacyFrame.HeartbeatRequest(time);
      case 3 -> new LegacyFrame.Data(random.nextLong(), text(random) + "\n\0\"\\");
      default -> new LegacyFrame.Fault(text(random), random.nextInt());
    };
  }

  private static String text(Random random) {
    String characters = "aZ0/ é漢\u2028😀";
    int[] codePoints = characters.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }

  private static LegacyFrame.Register register(String payload) throws ProtocolException {
    return (LegacyFrame.Register) decode(FrameType.REGISTER, envelope(payload));
  }

  private static LegacyFrame decode(FrameType type, String body) throws ProtocolException {
    return LegacyCodec.decode(type, Role.NODE, utf8(body));
  }

  private static void assertRefused(FrameType type, String body) {
    assertCode(ErrorCode.PROTOCOL_ERROR, () -> decode(type, body));
  }

  private static void assertCode(ErrorCode code, Callable<?> call) {
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(ProtocolException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** A body with that payload, whose backslashes count as they stand. */
  private static String envelope(String payload) {
    return "{\"payload\":\"" + payload.replace("\"", "\\\"") + "\"}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
