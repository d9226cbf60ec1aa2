package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameLogTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heartbeat-req-plain | << HEARTBEAT_REQ",
        "heartbeat-req-stats | << HEARTBEAT_REQ seq=7",
        "heartbeat-res-echo | << HEARTBEAT_RES seq=7",
        "heartbeat-res-retune | << HEARTBEAT_RES seq=7 interval=20000ms timeout=60000ms",
        "data-message | << DATA channel=1 bytes=5",
        "data-fragment | << DATA channel=5 MORE bytes=3",
        "data-end | << DATA channel=3 END bytes=3",
        "ping-plain | << PING",
        "pong-opaque | << PONG 123456789abcdef",
        "register-full | << REGISTER id=zürich/7 instance=1122334455667788",
        "registered | << REGISTER epoch=1761638400123456 interval=10000ms",
        "unregister-reason | << UNREGISTER reason=32769",
        "error-connection | << ERROR BAD_MAGIC \"a frame starts with AB 12\"",
        "error-channel | << ERROR FLOW_CONTROL channel=3 \"\"",
        "error-application | << ERROR 0x8001 channel=3 \"nein\"",
        "channel-open | << CHANNEL_OPEN channel=3 name=topic/weather",
        "channel-open-bad-name | << CHANNEL_OPEN channel=5 name=null",
        "channel-accept | << CHANNEL_ACCEPT channel=3 credit=4096",
        "channel-close-half | << CHANNEL_CLOSE channel=3 NORMAL",
        "channel-close-reset | << CHANNEL_CLOSE channel=3 NO_ROUTE",
        "credit | << CREDIT channel=1 +2048",
        "goaway | << GOAWAY DRAINING retryAfter=1000ms",
        "ack | << ACK channel=7 seq=4294967296",
      })
  void aFrameIsOneLine(String vector, String line) {
    Frame frame = VectorRecords.BY_NAME.get(vector);
    assertThat(FrameLog.received(frame)).isEqualTo(line);
    assertThat(FrameLog.sent(frame)).isEqualTo(">>" + line.substring(2));
  }

  @Test
  void everyFrameHasALine() {
    VectorRecords.BY_NAME
        .values()
        .forEach(frame -> assertThat(FrameLog.received(frame)).startsWith("<< " + frame.type()));
  }

  @Test
  void whatCouldForgeALineIsVisible() {
    assertThat(FrameLog.escape("a\nb\r\t\u0000\u001B[2J\u007F\u0085\u009B"))
        .isEqualTo("a\\u000Ab\\u000D\\u0009\\u0000\\u001B[2J\\u007F\\u0085\\u009B");
    // Line and paragraph separators, a change of direction, a character without width, a lone half.
    assertThat(FrameLog.escape("\u2028\u2029\u202E\u200B\uD83D"))
        .isEqualTo("\\u2028\\u2029\\u202E\\u200B\\uD83D");
    assertThat(FrameLog.escape("zürich – 漢 😀 \"x\"")).isEqualTo("zürich – 漢 😀 \"x\"");
  }

  @Test
  void messagesAndNamesOfAPeerAreEscaped() {
    Frame fault = new Frame.Fault(0x0101, Frame.Scope.CONNECTION, 0, 0, "x\n<< FORGED");
    assertThat(FrameLog.received(fault)).isEqualTo("<< ERROR PROTOCOL_ERROR \"x\\u000A<< FORGED\"");
    Frame open = new Frame.ChannelOpen(3, 0, 0, "a\u202Eb");
    assertThat(FrameLog.received(open)).isEqualTo("<< CHANNEL_OPEN channel=3 name=a\\u202Eb");
  }
}
