package io.heartbus.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the writer does beyond the vectors: one write, and no value that its field cannot hold. */
class FrameWriterTest {
  @Test
  void everyFrameLeavesInExactlyOneWrite() throws IOException {
    for (Frame frame : VectorRecords.BY_NAME.values()) {
      List<byte[]> writes = new ArrayList<>();
      FrameWriter.write(
          new OutputStream() {
            @Override
            public void write(int b) {
              throw new AssertionError("a write of one byte");
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
              writes.add(Arrays.copyOfRange(bytes, from, from + count));
            }
          },
          frame);
      assertThat(writes).containsExactly(FrameWriter.encode(frame));
    }
  }

  @Test
  void aValueThatItsFieldCannotHoldIsRefusedAndNotCut() {
    List<Frame> frames =
        List.of(
            new Frame.Credit(1, 1L << 32),
            new Frame.Credit(-1, 1),
            new Frame.ChannelClose(1, 0x1_0000),
            new Frame.ChannelClose(1, -1),
            new Frame.ChannelOpen(1, 1, 256, "n"),
            new Frame.ChannelOpen(1, 1, 0, "n".repeat(256)),
            new Frame.GoAway(0, 0, 0, 0, 0, "h".repeat(256)),
            new Frame.Unregister(0x1_0000),
            new Frame.HeartbeatRequest(new Frame.Stats(1L << 32, 0)),
            Frame.Data.of(1, 256, new byte[0]),
            register(Map.of("k".repeat(256), "v")),
            register(Map.of("k", "v".repeat(0x1_0000))));
    for (Frame frame : frames) {
      assertThatIllegalArgumentException()
          .as("%s", frame)
          .isThrownBy(() -> FrameWriter.encode(frame));
    }
  }

  @Test
  void aLongMessageIsCutBetweenTwoCharacters() {
    assertThat(sent("x".repeat(600))).isEqualTo("x".repeat(512));
    assertThat(sent("x".repeat(511) + "é")).isEqualTo("x".repeat(511));
    assertThat(sent("x".repeat(509) + "😀")).isEqualTo("x".repeat(509));
    assertThat(sent("x".repeat(508) + "😀")).isEqualTo("x".repeat(508) + "😀");
  }

  @Test
  void theSameMetadataGivesTheSameBytesWhateverOrderItsMapHas() {
    Map<String, String> ascending = new LinkedHashMap<>();
    Map<String, String> descending = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      ascending.put("k" + i, "v");
      descending.put("k" + (9 - i), "v");
    }
    byte[] bytes = FrameWriter.encode(register(ascending));
    assertThat(FrameWriter.encode(register(descending))).isEqualTo(bytes);
    assertThat(new String(bytes, UTF_8)).containsSubsequence("k0v", "k1v", "k2v", "k9v");
  }

  private static String sent(String message) {
    Frame.Fault fault = new Frame.Fault(0x0101, Frame.Scope.CONNECTION, 0, 0, message);
    FrameStream stream = new FrameStream(Role.SERVER, true).feed(FrameWriter.encode(fault));
    return ((Frame.Fault) stream.frame()).message();
  }

  private static Frame register(Map<String, String> metadata) {
    return new Frame.Register(
        2,
        2,
        0,
        1,
        new Frame.Pace(0, 0),
        4096,
        65_536,
        1,
        1,
        "n",
        new byte[0],
        new Frame.Attributes(metadata, null, null, null));
  }
}
