package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InletTest {
  private static final int BODY_BYTES_MAX = 65_536;

  private static final List<Frame> FRAMES =
      List.of(
          new Frame.HeartbeatResponse(new Frame.Stats(7, 250), null),
          Frame.Data.of(3, 0, new byte[] {1, 2, 3}),
          new Frame.Data(5, Wire.DATA_SEQUENCED | Wire.DATA_MORE, 9, new byte[] {4, 5}),
          new Frame.Credit(3, 2_048),
          Frame.Data.of(7, Wire.DATA_END | Wire.DATA_MORE, new byte[0]),
          new Frame.Fault(ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, 5, 0, "12"),
          new Frame.ChannelAccept(9, 4_096),
          Frame.Data.of(0xFFFF_FFFFL, 0, new byte[20_000]));

  private final Inlet inlet = new Inlet();

  @Test
  void framesCutAnywhereComeOutTheSame() throws ProtocolException {
    byte[] all = bytes(FRAMES);
    for (int cut = 0; cut <= all.length; cut += cut < 200 || cut > all.length - 20 ? 1 : 997) {
      List<Frame> seen = new ArrayList<>();
      inlet.begin(new byte[0]).put(all, 0, cut);
      drain(seen);
      inlet.begin(inlet.rest()).put(all, cut, all.length - cut);
      drain(seen);

      assertThat(seen).as("cut at " + cut).isEqualTo(FRAMES);
      assertThat(inlet.rest()).isEmpty();
    }
  }

  @Test
  void whatIsLookedAtInPlaceIsWhatTheCodecReads() throws ProtocolException {
    inlet.begin(new byte[0]).put(bytes(FRAMES));
    for (Frame frame : FRAMES) {
      assertThat(inlet.advance(BODY_BYTES_MAX)).isTrue();
      assertThat(inlet.isData()).isEqualTo(frame instanceof Frame.Data);
      assertThat(inlet.isCredit()).isEqualTo(frame instanceof Frame.Credit);
      if (frame instanceof Frame.Data data) {
        byte[] payload = new byte[inlet.payloadBytes()];
        inlet.bytes().get(inlet.payloadAt(), payload);
        assertThat(inlet.channel()).isEqualTo(data.channel());
        assertThat(inlet.more()).isEqualTo(data.more());
        assertThat(payload).isEqualTo(data.payload());
      } else if (frame instanceof Frame.Credit(var channel, var delta)) {
        assertThat(inlet.channel()).isEqualTo(channel);
        assertThat(inlet.delta()).isEqualTo(delta);
      }
    }
    assertThat(inlet.advance(BODY_BYTES_MAX)).isFalse();
  }

  @Test
  void typesThatSpecSaysToSkipAreSkipped() throws ProtocolException {
    inlet.begin(new byte[0]).put(HexFormat.of().parseHex("ab124000000003010203"));
    inlet.bytes().put(FrameWriter.encode(new Frame.Pong(null)));

    assertThat(inlet.advance(BODY_BYTES_MAX)).isTrue();
    assertThat(inlet.frame()).isEqualTo(new Frame.Pong(null));
  }

  @ParameterizedTest
  @CsvSource({
    "ac, BAD_MAGIC",
    "abff, BAD_MAGIC",
    "ab12ff, UNKNOWN_TYPE",
    "ab1201, UNEXPECTED_FRAME",
    "ab1203 00010001, FRAME_TOO_LARGE",
    "ab1203 ffffffff, FRAME_TOO_LARGE",
  })
  void aHeaderThatBreaksSpecIsRefusedAsSoonAsItIsThere(String hex, String code) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    inlet.begin(new byte[0]).put(bytes);

    assertThatThrownBy(() -> inlet.advance(BODY_BYTES_MAX))
        .isInstanceOfSatisfying(
            ProtocolException.class, e -> assertThat(e.code().name()).isEqualTo(code));
  }

  @Test
  void aBodyThatIsTooShortIsTheCodecsToRefuse() throws ProtocolException {
    for (String hex : List.of("ab1203 00000004 00000003", "ab120c 00000007 00000003000000")) {
      inlet.begin(new byte[0]).put(HexFormat.of().parseHex(hex.replace(" ", "")));

      assertThat(inlet.advance(BODY_BYTES_MAX)).isTrue();
      assertThat(inlet.isData() || inlet.isCredit()).isFalse();
      assertThatThrownBy(inlet::frame).isInstanceOf(ProtocolException.class);
    }
    // What was refused leaves nothing behind that a later frame could trip over.
    inlet.begin(new byte[0]).put(FrameWriter.encode(new Frame.Pong(null)));
    assertThat(inlet.advance(BODY_BYTES_MAX)).isTrue();
    assertThat(inlet.frame()).isEqualTo(new Frame.Pong(null));
  }

  @Test
  void dataAndCreditAreWrittenAsTheCodecWritesThem() {
    byte[] payload = {1, 2, 3};
    ByteBuffer out = ByteBuffer.allocate(200);
    FrameBytes.putData(out, 0xFFFF_FFFD, true, payload.length);
    out.put(payload);
    FrameBytes.putData(out, 3, false, 0);
    FrameBytes.putCredit(out, 5, Integer.MAX_VALUE);
    byte[] written = new byte[out.position()];
    out.get(0, written);

    assertThat(written)
        .isEqualTo(
            bytes(
                List.of(
                    Frame.Data.of(0xFFFF_FFFDL, Wire.DATA_MORE, payload),
                    Frame.Data.of(3, 0, new byte[0]),
                    new Frame.Credit(5, Integer.MAX_VALUE))));
    assertThat(written)
        .hasSize(2 * FrameBytes.DATA_BYTES + payload.length + FrameBytes.CREDIT_BYTES);
  }

  private void drain(List<Frame> seen) throws ProtocolException {
    while (inlet.advance(BODY_BYTES_MAX)) {
      seen.add(inlet.frame());
    }
  }

  private static byte[] bytes(List<Frame> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(frame -> all.writeBytes(FrameWriter.encode(frame)));
    return all.toByteArray();
  }
}
