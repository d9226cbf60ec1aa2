package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies: their sizes, flags of the future, and text that is no text. */
class FrameDecoderTest {
  private static final byte[] NODE_ONES = bytes(1, 0xFF);

  /** The sizes that a body of zeros may have, up to 80 bytes; DATA and REGISTER aside. */
  private static Set<Integer> sizes(FrameType type) {
    return switch (type) {
      case HEARTBEAT_REQ, PING, PONG -> Set.of(0, 8);
      case HEARTBEAT_RES -> Set.of(0, 8, 16);
      case UNREGISTER -> Set.of(0, 2);
      case ERROR -> Set.of(14);
      case CHANNEL_OPEN -> Set.of(10);
      case CHANNEL_ACCEPT, CREDIT -> Set.of(8);
      case CHANNEL_CLOSE -> Set.of(6);
      case GOAWAY -> Set.of(21);
      case ACK -> Set.of(12);
      case DATA -> atLeast(5);
      case REGISTER -> Set.of(66);
    };
  }

  @ParameterizedTest
  @EnumSource
  void aBodyHasOneOfTheSizesOfItsLayoutOrIsRefusedAsFrameSize(FrameType type) {
    Role sender = type == FrameType.HEARTBEAT_REQ ? Role.NODE : Role.SERVER;
    Set<Integer> accepted = new HashSet<>();
    for (int size = 0; size <= 80; size++) {
      FrameStream stream = read(sender, type, new byte[size]);
      if (stream.code() == null) {
        accepted.add(size);
      } else {
        assertThat(stream.code()).as("%s of %d bytes", type, size).isEqualTo(ErrorCode.FRAME_SIZE);
      }
    }
    assertThat(accepted).isEqualTo(sizes(type));
  }

  @Test
  void aLengthInsideABodyThatPointsPastItsEndIsRefusedAsFrameSize() {
    byte[] error = new byte[14];
    error[13] = 1;
    byte[] goAway = new byte[21];
    goAway[20] = 1;
    byte[] open = new byte[10];
    open[9] = 1;
    assertThat(read(Role.NODE, FrameType.ERROR, error).code()).isEqualTo(ErrorCode.FRAME_SIZE);
    assertThat(read(Role.NODE, FrameType.GOAWAY, goAway).code()).isEqualTo(ErrorCode.FRAME_SIZE);
    assertThat(read(Role.NODE, FrameType.CHANNEL_OPEN, open).code())
        .isEqualTo(ErrorCode.FRAME_SIZE);
  }

  @Test
  void aMessageOfAnErrorHasAtMost512Bytes() {
    byte[] most = new byte[14 + 512];
    most[12] = 2;
    byte[] over = new byte[14 + 513];
    over[12] = 2;
    over[13] = 1;
    assertThat(read(Role.NODE, FrameType.ERROR, most).code()).isNull();
    assertThat(read(Role.NODE, FrameType.ERROR, over).code()).isEqualTo(ErrorCode.FRAME_SIZE);
  }

  @Test
  void textForPeopleThatIsNotUtf8IsEscapedAndBreaksNothing() {
    byte[] error = ByteBuffer.allocate(18).putShort(12, (short) 4).array();
    System.arraycopy(new byte[] {'a', (byte) 0xC0, '\n', 'b'}, 0, error, 14, 4);
    Frame.Fault fault = (Frame.Fault) read(Role.NODE, FrameType.ERROR, error).frame();
    assertThat(fault.message()).isEqualTo("a\\xC0\\x0Ab");

    byte[] goAway = ByteBuffer.allocate(23).put(20, (byte) 2).array();
    goAway[21] = 'x';
    goAway[22] = (byte) 0xFF;
    Frame.GoAway moved = (Frame.GoAway) read(Role.NODE, FrameType.GOAWAY, goAway).frame();
    assertThat(moved.redirect()).isEqualTo("x\\xFF");
  }

  @Test
  void reservedBytesMayHoldAnything() {
    byte[] error = ByteBuffer.allocate(14).put(3, (byte) 0xFF).array();
    byte[] goAway = ByteBuffer.allocate(21).putShort(2, (short) -1).array();
    byte[] answer = ByteBuffer.allocate(66).put(3, (byte) 0xFF).array();
    assertThat(read(Role.SERVER, FrameType.ERROR, error).code()).isNull();
    assertThat(read(Role.SERVER, FrameType.GOAWAY, goAway).code()).isNull();
    assertThat(read(Role.SERVER, FrameType.REGISTER, answer).code()).isNull();
  }

  @Test
  void flagBitsAllOnesChangeNothingButWhatTheKnownOnesSay() {
    Frame.Data data = (Frame.Data) read(Role.NODE, FrameType.DATA, bytes(13, 0xFF)).frame();
    assertThat(List.of(data.end(), data.more(), data.sequenced()))
        .containsExactly(true, false, true);
    assertThat(data.payload()).isEmpty();

    byte[] open = bytes(11, 0xFF);
    open[9] = 1;
    open[10] = 'c';
    assertThat(read(Role.NODE, FrameType.CHANNEL_OPEN, open).frame())
        .isEqualTo(new Frame.ChannelOpen(0xFFFF_FFFFL, 0xFFFF_FFFFL, 0xFF, "c"));

    byte[] answer = bytes(66, 0xFF);
    answer[64] = 0;
    answer[65] = 0;
    Frame.Registered registered =
        (Frame.Registered) read(Role.SERVER, FrameType.REGISTER, answer).frame();
    assertThat(registered.flags()).isEqualTo(0xFF);
    assertThat(registered.capabilities()).isEqualTo(-1);
    assertThat(registered.initialCredit()).isEqualTo(0xFFFF_FFFFL);
  }

  @Test
  void endAndMoreAreReadFromTheirBits() {
    assertThat(Frame.Data.of(1, Wire.DATA_MORE, NODE_ONES).more()).isTrue();
    assertThat(Frame.Data.of(1, Wire.DATA_MORE, NODE_ONES).end()).isFalse();
    assertThat(Frame.Data.of(1, Wire.DATA_END, NODE_ONES).end()).isTrue();
    assertThat(Frame.Data.of(1, Wire.DATA_END | Wire.DATA_MORE, NODE_ONES).more()).isFalse();
  }

  private static FrameStream read(Role sender, FrameType type, byte[] body) {
    boolean registered = type != FrameType.REGISTER;
    byte[] frame = BodyBuilder.frame(type, body.length).bytes(body).array();
    return new FrameStream(sender, registered).feed(frame);
  }

  private static byte[] bytes(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static Set<Integer> atLeast(int size) {
    Set<Integer> sizes = new HashSet<>();
    for (int i = size; i <= 80; i++) {
      sizes.add(i);
    }
    return sizes;
  }
}
