package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientExampleTest {
  @Test
  void theExampleOfTheReadmeDoesWhatItSays() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      Await.Running<String> example = Await.start(() -> ClientExample.run(server.options()));
      Peer peer = server.accept();
      assertThat(peer.admit().nodeId()).isEqualTo("pump-7");
      // An OPEN may overtake data of other channels.
      assertThat(List.of(peer.expect(Frame.class), peer.expect(Frame.class)))
          .containsExactlyInAnyOrder(
              Frame.Data.of(1, 0, "pressure 3.1 bar".getBytes(UTF_8)),
              new Frame.ChannelOpen(3, 65_536, 0, "topic/alerts"));
      // At once: the example does not wait for long.
      peer.send(new Frame.ChannelAccept(3, 4096), Frame.Data.of(3, 0, "pump off".getBytes(UTF_8)));
      assertThat(
              List.of(peer.expect(Frame.class), peer.expect(Frame.class), peer.expect(Frame.class)))
          .containsExactlyInAnyOrder(
              Frame.Data.of(3, 0, "valve open".getBytes(UTF_8)),
              new Frame.ChannelClose(3, 0),
              new Frame.ChannelOpen(5, 65_536, 0, "echo"));
      Frame.Data question = peer.expect(Frame.Data.class);
      peer.send(
          new Frame.ChannelAccept(5, 4096), Frame.Data.of(5, Wire.DATA_END, question.payload()));
      peer.send(new Frame.Pong(peer.expect(Frame.Ping.class).opaque()));
      peer.expect(Frame.Unregister.class);
      assertThat(example.get()).isEqualTo("pump off");
    }
  }
}
