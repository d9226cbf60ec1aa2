package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Conversation.Heard.BEAT;
import static io.heartbus.loadtest.compare.Conversation.Heard.MESSAGE;
import static io.heartbus.loadtest.compare.Conversation.Heard.NOTE;
import static io.heartbus.loadtest.compare.Conversation.Heard.READY;
import static io.heartbus.loadtest.compare.Talk.hex;
import static io.heartbus.loadtest.compare.Talk.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The protocols of the others, byte by byte as their specifications have them. */
class ConversationTest {
  private static final String CONNECT =
      "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"compare\",\"version\":\"1\"}\r\n";

  @Test
  void mqttConnectsAndBeats() throws IOException {
    Conversation mqtt = new MqttConversation(Part.idle(7));
    Talk talk = new Talk(mqtt);

    // CONNECT, "MQTT", level 4, clean session, keep alive 900 s, "node-7".
    assertThat(talk.says(mqtt::greet))
        .isEqualTo(hex("10 12 0004 4D515454 04 02 0384 0006 6E6F64652D37"));
    assertThat(talk.hears(hex("20 02 00 00"))).containsExactly(READY);
    assertThat(talk.says(mqtt::beat)).isEqualTo(hex("C0 00"));
    assertThat(talk.hears(hex("D0 00 D0 00"))).containsExactly(BEAT, BEAT);
  }

  @Test
  void mqttSubscribesToWhatItPublishes() throws IOException {
    Conversation mqtt = new MqttConversation(Part.echo(7, 3));
    Talk talk = new Talk(mqtt);

    assertThat(talk.hears(hex("20 02 00 00"))).containsExactly(NOTE);
    assertThat(talk.said()).isEqualTo(hex("82 13 0001 000E 636F6D706172652F6E6F64652D37 00"));
    assertThat(talk.hears(hex("90 03 0001 00"))).containsExactly(READY);
    byte[] message = hex("30 13 000E 636F6D706172652F6E6F64652D37 000000");
    assertThat(talk.says(mqtt::publish)).isEqualTo(message);
    assertThat(talk.hears(message, message)).containsExactly(MESSAGE, MESSAGE);
    assertThat(talk.hearsInBytes(message)).containsExactly(MESSAGE);
  }

  @Test
  void mqttPublishesMoreThan127Bytes() throws IOException {
    Conversation mqtt = new MqttConversation(Part.fanOut(0, 1_024));
    Talk talk = new Talk(mqtt);

    assertThat(talk.hears(hex("20 02 00 00"))).as("publishes only").containsExactly(READY);
    byte[] message = talk.says(mqtt::publish);
    // 2 + "compare/all" + 1024 = 1037 = 8 * 128 + 13.
    assertThat(message).startsWith(hex("30 8D 08 000B 636F6D706172652F616C6C")).hasSize(1_040);
    assertThat(talk.hearsInBytes(message)).containsExactly(MESSAGE);
  }

  @Test
  void mqttHearsRefusals() {
    Talk talk = new Talk(new MqttConversation(Part.echo(7, 3)));

    assertThatThrownBy(() -> talk.hears(hex("20 02 00 05"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> talk.hears(hex("90 03 0001 80"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> talk.hears(hex("30 FF FF FF FF 00"))).isInstanceOf(IOException.class);
  }

  @Test
  void natsConnectsAndBeats() throws IOException {
    Conversation nats = new NatsConversation(Part.idle(7));
    Talk talk = new Talk(nats);

    assertThat(talk.says(nats::greet)).isEqualTo(text(CONNECT + "PING\r\n"));
    assertThat(talk.hears(text("INFO {\"server_id\":\"X\"}\r\nPONG\r\n")))
        .containsExactly(NOTE, READY);
    assertThat(talk.says(nats::beat)).isEqualTo(text("PING\r\n"));
    assertThat(talk.hears(text("PONG\r\nPONG\r\n"))).containsExactly(BEAT, BEAT);
  }

  @Test
  void natsSubscribesToWhatItPublishes() throws IOException {
    Conversation nats = new NatsConversation(Part.echo(7, 12));
    Talk talk = new Talk(nats);

    assertThat(talk.says(nats::greet))
        .isEqualTo(text(CONNECT + "SUB compare.node-7 1\r\nPING\r\n"));
    assertThat(talk.says(nats::publish))
        .isEqualTo(text("PUB compare.node-7 12\r\n" + "\0".repeat(12) + "\r\n"));
    // A payload may hold whatever ends a line.
    byte[] message = text("MSG compare.node-7 1 12\r\nPONG\r\nPONG\r\n\r\n");
    assertThat(talk.hears(text("PONG\r\n"), message)).containsExactly(READY, MESSAGE);
    assertThat(talk.hearsInBytes(message)).containsExactly(MESSAGE);
  }

  @Test
  void natsAnswersPingsAndHearsErrors() throws IOException {
    Talk talk = new Talk(new NatsConversation(Part.idle(7)));

    assertThat(talk.hears(text("PING\r\n"))).containsExactly(NOTE);
    assertThat(talk.said()).isEqualTo(text("PONG\r\n"));
    assertThatThrownBy(() -> talk.hears(text("-ERR 'Authorization Violation'\r\n")))
        .hasMessageContaining("Authorization Violation");
    assertThatThrownBy(() -> talk.hears(new byte[20_000])).isInstanceOf(IOException.class);
  }

  @Test
  void whatEchoesSaysWhatItIs() throws IOException {
    Conversation echo = new EchoConversation(Part.echo(7, 300));
    Talk talk = new Talk(echo);

    byte[] greeting = talk.says(echo::greet);
    byte[] beat = talk.says(echo::beat);
    byte[] message = talk.says(echo::publish);
    assertThat(message).hasSize(303);
    assertThat(talk.hears(greeting, beat, message)).containsExactly(READY, BEAT, MESSAGE);
    assertThat(talk.hearsInBytes(message)).containsExactly(MESSAGE);
    assertThatThrownBy(() -> talk.hears(text("HTTP"))).isInstanceOf(IOException.class);
  }
}
