package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import org.junit.jupiter.api.Test;

class ClientExampleTest {
  @Test
  void theExampleOfTheReadmeDoesWhatItSays() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      Await.Running<String> example = Await.start(() -> ClientExample.run(server.options()));
      Peer peer = server.accept();
      assertThat(peer.admit().nodeId()).isEqualTo("pump-7");
      assertThat(peer.expectText()).isEqualTo("pressure 3.1 bar");
      assertThat(peer.expect(Frame.ChannelOpen.class).name()).isEqualTo("topic/alerts");
      peer.send(new Frame.ChannelAccept(3, 4096));
      assertThat(peer.expectText()).isEqualTo("valve open");
      peer.sendText(3, 0, "pump off");
      assertThat(peer.expect(Frame.ChannelClose.class).channel()).isEqualTo(3);
      assertThat(peer.expect(Frame.ChannelOpen.class).name()).isEqualTo("echo");
      Frame.Data question = peer.expect(Frame.Data.class);
      peer.send(
          new Frame.ChannelAccept(5, 4096), Frame.Data.of(5, Wire.DATA_END, question.payload()));
      peer.send(new Frame.Pong(peer.expect(Frame.Ping.class).opaque()));
      peer.expect(Frame.Unregister.class);
      assertThat(example.get()).isEqualTo("pump off");
    }
  }
}
