package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * Many senders over connections that keep breaking: what arrives is right, and the loss is told.
 */
class LossTest {
  private static final int SENDERS = 4;
  private static final int MESSAGES = 250;

  private final Map<String, Long> told = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private final class Losses implements ClientListener {
    @Override
    public void channelReopened(Channel channel, ChannelLoss loss) {
      told.merge(channel.name(), loss.messagesUnconfirmed(), Long::sum);
    }

    @Override
    public void closed(IOException cause) {
      closed.countDown();
    }
  }

  @Test
  void nothingIsDuplicatedReorderedOrLostUntold() throws Exception {
    long seed = System.nanoTime();
    try (RecordingServer server = new RecordingServer(new Random(seed), 60)) {
      ClientOptions options =
          ClientOptions.defaults()
              .withServers(server.address())
              .withReconnectDelays(Duration.ofMillis(1), Duration.ofMillis(2));
      try (HeartbeatClient client = connect(options)) {
        List<Await.Running<Channel>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
          String name = "topic/" + i;
          Random random = new Random(seed + i);
          senders.add(Await.start(() -> sendAll(client, name, random)));
        }
        for (Await.Running<Channel> sender : senders) {
          assertThat(sender.get().isOpen()).isTrue();
        }
        server.beSteady();
        // Behind everything that was sent: with the answer all of it has been read, or is lost.
        Await.until("an answer", () -> answers(client));
        assertThat(client.stats().sessions()).as("seed %d", seed).isGreaterThan(5);
      }
      Await.open(closed);
      for (int i = 0; i < SENDERS; i++) {
        check(seed, "topic/" + i, server.messages("topic/" + i));
      }
    }
  }

  /** The very first session may break before the client has it. */
  private HeartbeatClient connect(ClientOptions options) throws Exception {
    while (true) {
      try {
        return HeartbeatClient.connect(options, new Losses());
      } catch (IOException again) {
        assertThat(again).isInstanceOf(ConnectionLostException.class);
      }
    }
  }

  private static Channel sendAll(HeartbeatClient client, String name, Random random)
      throws Exception {
    Channel channel = client.open(name);
    for (int i = 0; i < MESSAGES; i++) {
      int size = Integer.BYTES + random.nextInt(random.nextInt(4) == 0 ? 9_000 : 200);
      channel.send(ByteBuffer.allocate(size).putInt(i).array());
    }
    return channel;
  }

  private static boolean answers(HeartbeatClient client) {
    try {
      return client.ping(ScriptedServer.PATIENCE).isPositive();
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private void check(long seed, String name, List<byte[]> messages) {
    int last = -1;
    for (byte[] message : messages) {
      int number = ByteBuffer.wrap(message).getInt();
      assertThat(number).as("seed %d, %s after %d", seed, name, last).isGreaterThan(last);
      last = number;
    }
    int lost = MESSAGES - messages.size();
    assertThat(lost)
        .as("seed %d, %s", seed, name)
        .isLessThanOrEqualTo(Math.toIntExact(told.getOrDefault(name, 0L)));
  }
}
