package io.heartbus.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REGISTER: which of its faults is told first, and what the attributes make of their TLVs. */
class RegisterTest {
  /** One REGISTER, good unless a test says otherwise. */
  private static final class Request {
    private int versionMax = 2;
    private int versionMin = 2;
    private int bytesMissing;
    private int capabilities = Wire.CAPABILITY_CREDIT;
    private long initialCredit = 4096;
    private long frameBytesMax = 65_536;
    private byte[] nodeId = {'n'};
    private byte[] auth = {};
    private byte[] tlvs = {};

    FrameStream read() {
      int bytes = 36 + 1 + nodeId.length + 2 + auth.length + 2 + tlvs.length;
      byte[] body =
          BodyBuilder.part(bytes)
              .u8(versionMax)
              .u8(versionMin)
              .u16(0)
              .bits32(capabilities)
              .u32(0)
              .u32(0)
              .u32(initialCredit)
              .u32(frameBytesMax)
              .u64(1)
              .u32(1)
              .u8(nodeId.length)
              .bytes(nodeId)
              .u16(auth.length)
              .bytes(auth)
              .u16(tlvs.length)
              .bytes(tlvs)
              .array();
      byte[] sent = Arrays.copyOf(body, bytes - bytesMissing);
      byte[] frame = BodyBuilder.frame(FrameType.REGISTER, sent.length).bytes(sent).array();
      return new FrameStream(Role.NODE, false).feed(frame);
    }

    Request versions(int max, int min) {
      versionMax = max;
      versionMin = min;
      return this;
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Each letter is one fault, in the order of SPEC §3: version, cut, frame limit, capability, id,
    // text of a TLV, secret. The first of them is told.
    "vcfkits, UNSUPPORTED_VERSION",
    "cfkits, FRAME_SIZE",
    "fits, PROTOCOL_ERROR",
    "kits, PROTOCOL_ERROR",
    "its, NODE_ID_INVALID",
    "ts, PROTOCOL_ERROR",
    "s, AUTH_FAILED",
  })
  void ofSeveralFaultsTheFirstIsTold(String faults, ErrorCode expected) {
    Request request = new Request();
    for (int i = 0; i < faults.length(); i++) {
      switch (faults.charAt(i)) {
        case 'v' -> request.versions(1, 1);
        case 'c' -> request.bytesMissing = 1;
        case 'f' -> request.frameBytesMax = 4095;
        case 'k' -> request.capabilities = 0;
        case 'i' -> request.nodeId = new byte[0];
        case 't' -> request.tlvs = tlv(Wire.TLV_GROUP, 0xFF);
        case 's' -> request.auth = new byte[Wire.AUTH_BYTES_MAX + 1];
        default -> throw new IllegalArgumentException(faults);
      }
    }
    assertThat(request.read().code()).isEqualTo(expected);
  }

  @Test
  void withoutFaultsThereIsNothingToTell() {
    assertThat(new Request().read().frame()).isInstanceOf(Frame.Register.class);
  }

  @Test
  void theSizeOfEveryTlvIsJudgedBeforeTheNodeId() {
    Request request = new Request();
    request.nodeId = new byte[0];
    request.tlvs = tlv(Wire.TLV_METADATA, 5, 'a');
    assertThat(request.read().code()).isEqualTo(ErrorCode.FRAME_SIZE);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0, 0", "3, 3", "255, 3", "2, 3", "1, 2", "0, 255"})
  void withoutACommonVersionTheAnswerNamesTheSupportedOne(int max, int min) {
    FrameStream stream = new Request().versions(max, min).read();
    assertThat(stream.code()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    assertThat(stream.story().getLast().toString()).endsWith("supported: 2");
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "2, 0", "2, 1", "255, 2", "3, 1"})
  void aCommonVersionIsEnough(int max, int min) {
    assertThat(new Request().versions(max, min).read().frame()).isInstanceOf(Frame.Register.class);
  }

  @Test
  void aBodyCutAnywhereIsTooShort() {
    for (int missing = 1; missing <= 42; missing++) {
      Request request = new Request();
      request.bytesMissing = missing;
      assertThat(request.read().code()).as("%d missing", missing).isEqualTo(ErrorCode.FRAME_SIZE);
    }
  }

  @Test
  void theSmallestCreditAndFrameLimitAreTaken() {
    Request request = new Request();
    request.initialCredit = 1024;
    request.frameBytesMax = 4096;
    assertThat(request.read().code()).isNull();
    request.initialCredit = 1023;
    assertThat(request.read().code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
  }

  @Test
  void theLongestSecretIsTaken() {
    Request request = new Request();
    request.auth = new byte[Wire.AUTH_BYTES_MAX];
    assertThat(((Frame.Register) request.read().frame()).auth()).isEqualTo(request.auth);
  }

  @Test
  void withoutTlvsThereAreNoAttributes() {
    assertThat(attributes()).isSameAs(Frame.Attributes.NONE);
  }

  @Test
  void unknownTlvsAreSkippedWhereverTheyAre() {
    byte[] resume = tlv(2, 1, 2, 3);
    byte[] window = tlv(3);
    byte[] unknown = tlv(0xFFFF, 0xFF, 0xFF);
    byte[] group = tlv(Wire.TLV_GROUP, 'g');
    assertThat(attributes(resume, window, group, unknown))
        .isEqualTo(new Frame.Attributes(Map.of(), "g", null, null));
  }

  @Test
  void theFirstOfDuplicatesCounts() {
    assertThat(
            attributes(
                tlv(Wire.TLV_METADATA, 1, 'k', 'a'),
                tlv(Wire.TLV_METADATA, 1, 'k', 'b'),
                tlv(Wire.TLV_METADATA, 1, 'l'),
                tlv(Wire.TLV_GROUP, 'a'),
                tlv(Wire.TLV_GROUP, 'b'),
                tlv(Wire.TLV_OFFLINE_DELAY, 0, 0, 0, 1),
                tlv(Wire.TLV_OFFLINE_DELAY, 0, 0, 0, 2),
                tlv(Wire.TLV_LAST_EPOCH, 0, 0, 0, 0, 0, 0, 0, 1),
                tlv(Wire.TLV_LAST_EPOCH, 255, 255, 255, 255, 255, 255, 255, 255)))
        .isEqualTo(new Frame.Attributes(Map.of("k", "a", "l", ""), "a", 1L, 1L));
  }

  @Test
  void everyTextOfATlvIsUtf8() {
    assertThat(code(tlv(Wire.TLV_METADATA, 1, 0xFF, 'b'))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    assertThat(code(tlv(Wire.TLV_METADATA, 1, 'a', 0xC0, 0x80)))
        .isEqualTo(ErrorCode.PROTOCOL_ERROR);
    assertThat(code(tlv(Wire.TLV_GROUP, 'a'), tlv(Wire.TLV_GROUP, 0xED, 0xA0, 0x80)))
        .isEqualTo(ErrorCode.PROTOCOL_ERROR);
  }

  @Test
  void aTlvOfTheWrongSizeIsRefusedAlsoTheSecondTime() {
    assertThat(code(tlv(Wire.TLV_METADATA))).isEqualTo(ErrorCode.FRAME_SIZE);
    assertThat(code(tlv(Wire.TLV_OFFLINE_DELAY, 0, 0, 1))).isEqualTo(ErrorCode.FRAME_SIZE);
    assertThat(code(tlv(Wire.TLV_LAST_EPOCH, 0, 0, 0, 0, 0, 0, 0, 0, 1)))
        .isEqualTo(ErrorCode.FRAME_SIZE);
    assertThat(
            code(
                tlv(Wire.TLV_OFFLINE_DELAY, 0, 0, 0, 1),
                tlv(Wire.TLV_OFFLINE_DELAY, 0, 0, 0, 0, 1)))
        .isEqualTo(ErrorCode.FRAME_SIZE);
  }

  @Test
  void theHighestEpochToHaveHeldIsTakenAndOneMoreIsNot() {
    assertThat(attributes(epoch(Wire.LAST_EPOCH_MAX)).lastEpoch()).isEqualTo(Wire.LAST_EPOCH_MAX);
    assertThat(code(epoch(Wire.LAST_EPOCH_MAX + 1))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    assertThat(code(epoch(-1))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
  }

  @Test
  void whatIsPrintedOfARegisterIsNotItsSecret() {
    Frame.Register register = (Frame.Register) Vector.named("register-full").read().frame();
    assertThat(register.toString()).contains("zürich/7").doesNotContain("s3cret");
    assertThat(FrameLog.received(register)).doesNotContain("s3cret");
    assertThat(new String(register.auth(), UTF_8)).isEqualTo("s3cret");
  }

  private static byte[] epoch(long value) {
    return BodyBuilder.part(12).u16(Wire.TLV_LAST_EPOCH).u16(8).u64(value).array();
  }

  private static byte[] tlv(int type, int... value) {
    BodyBuilder out = BodyBuilder.part(4 + value.length).u16(type).u16(value.length);
    for (int b : value) {
      out.u8(b);
    }
    return out.array();
  }

  private static Frame.Attributes attributes(byte[]... tlvs) {
    return ((Frame.Register) with(tlvs).read().frame()).attributes();
  }

  private static @Nullable ErrorCode code(byte[]... tlvs) {
    return with(tlvs).read().code();
  }

  private static Request with(byte[]... tlvs) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] tlv : tlvs) {
      all.writeBytes(tlv);
    }
    Request request = new Request();
    request.tlvs = all.toByteArray();
    return request;
  }
}
