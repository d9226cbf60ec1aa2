package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private final EventLog events = new EventLog();
  private final CountDownLatch slow = new CountDownLatch(1);
  private ScriptedServer server;
  private Peer peer;
  private HeartbeatClient client;

  /** Gets stuck in its first event, then throws. */
  private final class Bad implements ClientListener {
    @Override
    public void connected(Session session) {
      try {
        Await.open(slow);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      throw new IllegalStateException("a fault of the listener");
    }

    @Override
    public void closed(IOException cause) {
      events.closed(cause);
    }
  }

  @BeforeEach
  void connect() throws Exception {
    server = new ScriptedServer();
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options(), new Bad()));
    peer = server.accept();
    peer.admit();
    client = connecting.get();
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void oneThatFailsOrIsSlowChangesNothing() throws Exception {
    for (int i = 2; i < 5; i++) {
      peer.close();
      peer = server.accept();
      peer.admit();
      int sessions = i;
      Await.until("back", () -> client.stats().sessions() == sessions);
    }
    client.close();
    slow.countDown();
    events.expect("closed on purpose");
  }

  @Test
  void eventsBeyondTheBoundAreDroppedAndCountedButNotTheLast() throws Exception {
    Frame.Fault advice =
        new Frame.Fault(ErrorCode.FLOOD.code(), Frame.Scope.ADVISORY, 0, 0, "slow down");
    for (int i = 0; i < Limits.EVENTS_MAX + 10; i++) {
      peer.send(advice);
    }
    Await.until("dropped", () -> client.stats().eventsDropped() >= 9);
    slow.countDown();
    client.close();
    events.expect("closed on purpose");
  }
}
