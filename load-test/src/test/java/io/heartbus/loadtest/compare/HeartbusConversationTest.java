package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Conversation.Heard.BEAT;
import static io.heartbus.loadtest.compare.Conversation.Heard.MESSAGE;
import static io.heartbus.loadtest.compare.Conversation.Heard.NOTE;
import static io.heartbus.loadtest.compare.Conversation.Heard.READY;
import static io.heartbus.loadtest.compare.Talk.hex;
import static io.heartbus.loadtest.compare.Talk.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class HeartbusConversationTest {
  private static final byte[] REGISTERED =
      FrameWriter.encode(
          new Frame.Registered(
              Wire.VERSION,
              0,
              1,
              Wire.CAPABILITY_CREDIT,
              new Frame.Pace(300_000, 900_000),
              0,
              4_096,
              65_536,
              0,
              Wire.DEFAULT_CHANNEL,
              65_536,
              1,
              new byte[Wire.SESSION_TOKEN_BYTES]));

  @Test
  void anIdleNodeRegistersAndBeats() throws IOException {
    Conversation idle = new HeartbusConversation(Part.idle(7));
    Talk talk = new Talk(idle);

    assertThat(talk.says(idle::greet))
        .isEqualTo(
            hex(
                """
                AB12 06 0000002F 02 02 0000 00000001 000493E0 000DBBA0 00001000 00010000 \
                0000000000000001 00000001 06 6E6F64652D37 0000 0000\
                """));
    assertThat(talk.hears(REGISTERED)).containsExactly(READY);
    assertThat(talk.says(idle::beat)).isEqualTo(hex("AB12 01 00000000"));
    assertThat(talk.hears(hex("AB12 02 00000000"))).containsExactly(BEAT);
    assertThat(talk.hears(hex("AB12 04 00000008 0102030405060708"))).containsExactly(NOTE);
    assertThat(talk.said()).isEqualTo(hex("AB12 05 00000008 0102030405060708"));
  }

  @Test
  void itOpensTheChannelOfItsPart() throws IOException {
    Talk echo = new Talk(new HeartbusConversation(Part.echo(7, 100)));
    assertThat(echo.hears(REGISTERED)).containsExactly(NOTE);
    assertThat(echo.said()).isEqualTo(hex("AB12 09 0000000E 00000003 00100000 00 04 6563686F"));

    Talk publisher = new Talk(new HeartbusConversation(Part.fanOut(0, 100)));
    publisher.hears(REGISTERED);
    assertThat(publisher.said())
        .as("grants nothing")
        .isEqualTo(
            hex("AB12 09 0000001B 00000003 00000000 00 11 746F7069632F636F6D706172652F616C6C"));
    assertThat(publisher.hears(hex("AB12 0A 00000008 00000003 00001000"))).containsExactly(READY);
  }

  @Test
  void itSendsWhatTheCreditAllows() throws IOException {
    Conversation echo = new HeartbusConversation(Part.echo(7, 100));
    Talk talk = new Talk(echo);
    assertThat(talk.says(echo::publish)).as("before the channel is open").isEmpty();

    talk.hears(hex("AB12 0A 00000008 00000003 00001000"));
    byte[] message = talk.says(echo::publish);
    assertThat(message).hasSize(112).startsWith(hex("AB12 03 00000069 00000003 00"));
    int sent = 1;
    while (talk.says(echo::publish).length > 0) {
      sent++;
    }
    assertThat(sent).as("4,096 / 164").isEqualTo(24);
    // 4,096 - 24 * 164 = 160: four more make one message.
    assertThat(talk.hears(hex("AB12 0C 00000008 00000003 00000004"))).containsExactly(NOTE);
    assertThat(talk.says(echo::publish)).isEqualTo(message);
    assertThat(talk.says(echo::publish)).isEmpty();
    assertThat(talk.hearsInBytes(message)).containsExactly(MESSAGE);
  }

  @Test
  void itReturnsTheCreditThatItUsedUp() throws IOException {
    Conversation member = new HeartbusConversation(Part.fanOut(1, 0));
    Talk talk = new Talk(member);
    int payloadBytes = 8_192 - Wire.DATA_COST_BYTES;
    byte[] message = FrameWriter.encode(Frame.Data.of(3, 0, new byte[payloadBytes]));
    byte[][] almostHalf = Collections.nCopies(63, message).toArray(byte[][]::new);

    assertThat(talk.hears(almostHalf)).hasSize(63).containsOnly(MESSAGE);
    assertThat(talk.said()).isEmpty();
    talk.hears(message);
    assertThat(talk.said()).isEqualTo(hex("AB12 0C 00000008 00000003 00080000"));
    talk.hears(message);
    assertThat(talk.said()).isEmpty();
  }

  @Test
  void aMessageInPartsIsOne() throws IOException {
    Talk talk = new Talk(new HeartbusConversation(Part.fanOut(1, 0)));
    byte[] first = FrameWriter.encode(Frame.Data.of(3, Wire.DATA_MORE, new byte[10]));
    byte[] last = FrameWriter.encode(Frame.Data.of(3, 0, new byte[10]));

    assertThat(talk.hears(first, last)).containsExactly(NOTE, MESSAGE);
  }

  @Test
  void complaintsAndOtherProtocolsEndIt() {
    Talk talk = new Talk(new HeartbusConversation(Part.idle(7)));
    byte[] busy =
        FrameWriter.encode(
            new Frame.Fault(ErrorCode.SERVER_BUSY.code(), Frame.Scope.CONNECTION, 0, 100, "later"));

    assertThatThrownBy(() -> talk.hears(busy)).hasMessageContaining("SERVER_BUSY");
    assertThatThrownBy(() -> talk.hears(text("HTTP/1.1 400 Bad Request\r\n")))
        .hasMessageContaining("HBP/2");
    byte[] tooLong = Arrays.copyOf(hex("AB12 03 00FFFFFF"), 100);
    assertThatThrownBy(() -> talk.hears(tooLong)).isInstanceOf(IOException.class);
  }
}
