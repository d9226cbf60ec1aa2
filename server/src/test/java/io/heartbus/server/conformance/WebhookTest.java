package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.NodeState;
import io.heartbus.server.webhook.Receiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks of a whole server: what they are told of nodes, and what is said about them. */
class WebhookTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static String webhook(Receiver receiver) {
    return "presence.webhooks = [ { url = \"%s\", secret = \"no-log-has-this\", max-retry-delay = 5"
            .formatted(receiver.url())
        + " ms } ]";
  }

  /** The next events in short, that many of them. */
  private static List<String> told(Receiver receiver, int events) throws InterruptedException {
    List<String> told = new ArrayList<>();
    while (told.size() < events) {
      for (JsonNode event : JSON.readTree(receiver.next().body()).path("events")) {
        String cause = event.path("cause").asString("");
        told.add(
            (event.path("type").asString() + " " + event.path("node").asString() + " " + cause)
                .strip());
      }
    }
    return told;
  }

  @Test
  @DisplayName("what happens to nodes is told in order, the end of the server included")
  void whatHappensToNodesIsToldInOrder() throws Exception {
    try (Receiver receiver = new Receiver()) {
      try (TestServer server = TestServer.start(webhook(receiver));
          Member a = Member.join(server, "a");
          Member _ = Member.join(server, "b")) {
        a.peer().hangUp();
        assertThat(told(receiver, 3))
            .containsExactly("online a", "online b", "offline a DISCONNECTED");
        server.server().close();
        assertThat(told(receiver, 1)).containsExactly("offline b DRAINED");
      }
    }
  }

  @Test
  @DisplayName("what was not taken before a restart is taken after it, and that there was one")
  void whatWasNotTakenBeforeARestartIsTakenAfterIt(@TempDir Path dir) throws Exception {
    String log = "presence.log.dir = \"" + dir + "\"";
    try (Receiver receiver = new Receiver()) {
      receiver.usually(Receiver.status(503));
      try (TestServer server = TestServer.start(webhook(receiver), log);
          Member a = Member.join(server, "a")) {
        receiver.next();
        a.send(RawFrame.of(RawFrame.UNREGISTER));
        server.awaitState("a", NodeState.OFFLINE);
      }
      while (receiver.poll() != null) {
        // Nothing of it was taken.
      }
      receiver.usually(Receiver.status(200));
      try (TestServer _ = TestServer.start(webhook(receiver), log)) {
        assertThat(told(receiver, 3))
            .containsExactly("online a", "offline a LEFT", "mass_loss  SERVER_LOST");
      }
    }
  }

  @Test
  @DisplayName("a target that fails is one warning, its return one line; no line has its secrets")
  void aTargetThatFailsIsOneWarning() throws Exception {
    try (Receiver receiver = new Receiver();
        Log log = new Log();
        TestServer server = TestServer.start(webhook(receiver));
        Http http = new Http(server)) {
      String labels = "{webhook=\"0\",host=\"%s\"".formatted(receiver.url().getAuthority());
      receiver.usually(Receiver.status(500));
      try (Member _ = Member.join(server, "a")) {
        for (int tries = 0; tries < 5; tries++) {
          receiver.next();
        }
        assertThat(http.metric("heartbeat_webhook_failures" + labels + ",}")).isPositive();
        assertThat(http.metric("heartbeat_webhook_events_behind" + labels + ",}")).isEqualTo(1);
        receiver.usually(Receiver.status(200));
        TestServer.await(
            () -> log.lines().stream().anyMatch(line -> line.contains("works again")),
            () -> "it never works again");
      }
      assertThat(
              http.metric("heartbeat_webhook_deliveries_total" + labels + ",result=\"refused\",}"))
          .isGreaterThanOrEqualTo(4);
      assertThat(http.metric("heartbeat_webhook_events_total" + labels + ",}")).isPositive();
      assertThat(http.metric("heartbeat_webhook_failures" + labels + ",}")).isZero();
      assertThat(log.alarms()).singleElement().asString().contains("webhook 0", "answered 500");
      assertThat(log.lines())
          .noneMatch(line -> line.contains("no-log-has-this") || line.contains("in-the-address"));
    }
  }
}
