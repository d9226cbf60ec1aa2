package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.channel.Deliveries;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is counted of channels, after traffic that is known to the message. */
class FiguresTest {
  private TestServer server;
  private Http http;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            Map.of(
                "fails",
                channel -> {
                  throw new IllegalStateException("on purpose");
                }),
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "hold", handler = hold }
              { match = "topic", handler = topic, queue-size = 2 }
              { match = "group", handler = group }
              { match = "default", handler = discard }
            ]
            """);
    http = new Http(server);
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private void hasMetric(String name, double value) throws Exception {
    assertThat(http.metric(name)).as(name).isEqualTo(value);
  }

  /** Waits until so many messages have been dropped. */
  private void awaitDropped(int messages) {
    TestServer.await(
        () -> server.channels().counts().dropped.sum() == messages,
        () -> server.channels().counts().dropped.sum() + " were dropped, not " + messages);
  }

  @Test
  @DisplayName("channelDetails says how every channel of a node stands")
  void channelDetailsSaysHowEveryChannelStands() throws Exception {
    try (Member node = Member.join(server, RawRegister.of("node").initialCredit(2_000));
        Member sender = Member.join(server, "sender")) {
      assertThat(http.json("/api/v1/nodes/sender").get("channelDetails")).isEmpty();
      node.open(3, "echo", 1_024).open(5, "hold").open(7, "topic", 1_024);
      node.say(3, "12").hears(3, "12");
      node.say(5, "held").say(5, "waits").say(5, "waits").fence();
      sender.open(3, "topic").say(3, textOfCost("first", 1_024));
      for (int i = 0; i < 5; i++) {
        sender.say(3, "more");
      }
      awaitDropped(3);
      node.hears(7, textOfCost("first", 1_024));
      TestServer.await(
          () -> server.channels().counts().queuedMessages.sum() == 2 + 2,
          () -> server.channels().counts().queuedMessages.sum() + " messages wait");
      assertThat(http.json("/api/v1/nodes/node").get("channels").intValue()).isEqualTo(4);
      assertThat(http.json("/api/v1/nodes/node").get("channelDetails").toString())
          .isEqualTo(
              "["
                  + channel(1, "default", "discard", "0,0,2000,0")
                  + ","
                  + channel(3, "echo", "echo", "0,0," + (1_024 - 2 - 64) + ",0")
                  + ","
                  + channel(5, "hold", "hold", "2,0," + Member.PLENTY + ",0")
                  + ","
                  + channel(7, "topic", "topic", "0,2,0,3")
                  + "]");
      node.send(close(5, 0x8000)).fence();
      assertThat(http.json("/api/v1/nodes/node").get("channelDetails")).hasSize(3);
      node.peer().hangUp();
      TestServer.await(() -> !server.find("node").live(), () -> "it is still here");
      assertThat(http.json("/api/v1/nodes/node").get("channels").intValue()).isZero();
      assertThat(http.json("/api/v1/nodes/node").get("channelDetails")).isEmpty();
    }
  }

  private static String channel(int id, String name, String handler, String figures) {
    String[] figure = figures.split(",", -1);
    return ("{\"id\":%d,\"name\":\"%s\",\"handler\":\"%s\","
            + "\"queuedIn\":%s,\"queuedOut\":%s,\"credit\":%s,\"dropped\":%s}")
        .formatted(id, name, handler, figure[0], figure[1], figure[2], figure[3]);
  }

  @Test
  @DisplayName("messages, frames and bytes are counted, in and out")
  void messagesFramesAndBytesAreCounted() throws Exception {
    RawRegister register = RawRegister.of("counted");
    try (Member node = Member.join(server, register)) {
      byte[] open = RawChannel.open(3, Member.PLENTY, "echo");
      byte[] parts =
          RawFrame.join(
              data(3, RawChannel.MORE, "in "), data(3, "parts"), data(3, "whole"), data(1, "x"));
      node.open(3, "echo").send(parts).hears(3, "in parts", "whole");
      node.send(close(3)).closed(3);
      hasMetric("heartbeat_messages_total{type=\"DATA\",direction=\"in\",}", 4);
      hasMetric("heartbeat_messages_total{type=\"DATA\",direction=\"out\",}", 2);
      hasMetric("heartbeat_messages_total{type=\"CHANNEL_OPEN\",direction=\"in\",}", 1);
      hasMetric("heartbeat_messages_total{type=\"CHANNEL_ACCEPT\",direction=\"out\",}", 1);
      hasMetric("heartbeat_messages_total{type=\"CHANNEL_CLOSE\",direction=\"in\",}", 1);
      hasMetric("heartbeat_messages_total{type=\"CHANNEL_CLOSE\",direction=\"out\",}", 1);
      int bytes = register.frame().length + open.length + parts.length + close(3).length;
      hasMetric("heartbeat_bytes_total{direction=\"in\",}", bytes);
      TestServer.await(
          () -> server.channels().counts().received.sum() == 3,
          () -> server.channels().counts().received.sum() + " messages were received");
      assertThat(server.channels().counts().sent.sum()).isEqualTo(2);
      hasMetric("heartbeat_channels_total", 1);
      hasMetric("heartbeat_channels_active", 1);
      hasMetric("heartbeat_messages_dropped_total", 0);
      hasMetric("heartbeat_channel_credit_stalls_total", 0);
      assertThat(http.metric("heartbeat_message_duration_seconds_count")).isPositive();
    }
  }

  @Test
  @DisplayName("what waits, what was dropped, reset, stalled and refused is counted")
  void whatWentWrongIsCounted() throws Exception {
    try (Member node = Member.join(server, "unlucky");
        Member sender = Member.join(server, "sender")) {
      node.open(3, "fails").refused(3, ErrorCode.INTERNAL);
      node.open(5, "hold").say(5, "held").say(5, "waits");
      node.open(7, "hold")
          .send(data(7, 0, new byte[Member.GRANT]))
          .refused(7, ErrorCode.FLOW_CONTROL);
      node.send(RawChannel.open(9, 4096, "nowhere")).refused(9, ErrorCode.NO_ROUTE);
      node.open(11, "echo", 1_024).say(11, textOfCost("x", 1_024)).say(11, "stalls");
      node.hears(11, textOfCost("x", 1_024)).say(9, "skipped").fence();
      sender.open(3, "topic").open(5, "topic", 1_024).say(3, textOfCost("x", 1_024));
      sender.say(3, "a").say(3, "b").say(3, "c").hears(5, textOfCost("x", 1_024));
      awaitDropped(1);
      TestServer.await(
          () -> server.channels().counts().queuedMessages.sum() == 1 + 1 + 2,
          () -> server.channels().counts().queuedMessages.sum() + " messages wait");
      TestServer.await(
          () -> server.channels().counts().creditStalls.sum() == 1, () -> "nothing has stalled");
      hasMetric("heartbeat_channel_queue_messages", 4);
      hasMetric("heartbeat_messages_dropped_total", 1);
      hasMetric("heartbeat_topic_messages_dropped_total{topic=\"topic\",}", 1);
      hasMetric("heartbeat_channel_resets_total", 2);
      hasMetric("heartbeat_channel_handler_failures_total", 1);
      hasMetric("heartbeat_channel_credit_stalls_total", 1);
      hasMetric("heartbeat_frames_skipped_total", 1);
      hasMetric("heartbeat_errors_total{code=\"INTERNAL\",}", 1);
      hasMetric("heartbeat_errors_total{code=\"FLOW_CONTROL\",}", 1);
      hasMetric("heartbeat_errors_total{code=\"NO_ROUTE\",}", 1);
      // Of the one the default channel, 5 and 11, of the other the default channel, 3 and 5.
      hasMetric("heartbeat_channels_total", 6);
      node.send(close(5, 0x8000), close(11, 0x8000)).fence();
      sender.send(close(3, 0x8000), close(5, 0x8000)).fence();
      hasMetric("heartbeat_channels_total", 2);
      hasMetric("heartbeat_channel_queue_messages", 0);
      hasMetric("heartbeat_channel_resets_total", 2);
    }
  }

  @Test
  @DisplayName("work that waits in a group is counted among what waits")
  void workThatWaitsInAGroupIsCountedAmongWhatWaits() throws Exception {
    try (Member sender = Member.join(server, "sender").open(3, "group", 0)) {
      sender.say(3, "a").say(3, "b").fence();
      TestServer.await(
          () -> server.channels().counts().received.sum() == 2, () -> "it was not taken");
      TestServer.await(
          () -> server.channels().counts().queuedMessages.sum() == 2,
          () -> server.channels().counts().queuedMessages.sum() + " messages wait");
      try (Member worker = Member.join(server, "worker").open(3, "group")) {
        worker.hears(3, "a", "b");
        TestServer.await(
            () -> server.channels().counts().queuedMessages.sum() == 0,
            () -> server.channels().counts().queuedMessages.sum() + " messages wait");
      }
    }
  }

  @Test
  @DisplayName("a default channel counts once, also when two are the first to ask for it")
  void aDefaultChannelCountsOnce() throws Exception {
    byte[] message = {1};
    CyclicBarrier together = new CyclicBarrier(2);
    for (int i = 0; i < 500; i++) {
      String id = "node " + i;
      try (Member _ = Member.join(server, id)) {
        Callable<Deliveries.Outcome> asks =
            () -> {
              together.await();
              // Nobody takes it, but to find that out the channels have to be there.
              return server
                  .channels()
                  .deliveries()
                  .toNode(server.table().find(id), "nowhere", message, Duration.ZERO);
            };
        FutureTask<Deliveries.Outcome> second = new FutureTask<>(asks);
        Thread.ofPlatform().start(second);
        assertThat(asks.call()).isEqualTo(Deliveries.Outcome.NO_ROUTE);
        assertThat(second.get()).isEqualTo(Deliveries.Outcome.NO_ROUTE);
      }
    }
    TestServer.await(
        () -> server.channels().counts().open.get() == 0,
        () -> server.channels().counts().open.get() + " channels are left of nodes that are gone");
  }
}
