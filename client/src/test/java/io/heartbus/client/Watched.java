package io.heartbus.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What tests of watches start from: a client, and a server that plays the log. */
abstract class Watched extends OneClient implements PresenceHandler {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  /** What the handler does with an event besides. */
  volatile ThrowingEvent more = _ -> {};

  @FunctionalInterface
  interface ThrowingEvent {
    void handle(PresenceEvent event) throws InterruptedException;
  }

  @Override
  public void event(PresenceEvent event) throws InterruptedException {
    heard.add(event.seq() + " " + event.type() + " " + event.node());
    more.handle(event);
  }

  @Override
  public void gap(long from, long to) {
    heard.add("gap " + from + " " + to);
  }

  @Override
  public void restarted(WatchPosition before) {
    heard.add("restarted " + before.epoch() + " " + before.seq());
  }

  @Override
  public void ended(Exception cause) {
    heard.add("ended " + (cause == null ? "" : cause.getMessage()));
  }

  /** The next things that the handler was told. */
  void hears(String... texts) throws InterruptedException {
    for (String text : texts) {
      assertThat(
              requireNonNull(
                  heard.poll(ScriptedServer.PATIENCE.toSeconds(), TimeUnit.SECONDS), text))
          .isEqualTo(text);
    }
  }

  void hearsNoMore() {
    assertThat(heard).isEmpty();
  }

  /** Opens its channel for a watch that asks for it; the request has to be that. */
  long accepts(String request) throws Exception {
    Frame.ChannelOpen open = peer.expect(Frame.ChannelOpen.class);
    assertThat(open.name()).isEqualTo("presence");
    peer.send(new Frame.ChannelAccept(open.channel(), 4096));
    assertThat(peer.expectText().replace('"', '\'')).isEqualTo(request);
    return open.channel();
  }

  void says(long channel, String... messages) throws Exception {
    for (String message : messages) {
      peer.sendText(channel, 0, message.replace('\'', '"'));
    }
  }

  static String place(String epoch, long after) {
    return "{'epoch':'%s','after':%d,'gap':null}".formatted(epoch, after);
  }

  static String place(String epoch, long after, String gap) {
    return "{'epoch':'%s','after':%d,'gap':%s}".formatted(epoch, after, gap);
  }

  static String online(long seq) {
    return "{'seq':%d,'time':'2026-01-01T00:00:07Z','type':'online','node':'n%d'}"
        .formatted(seq, seq);
  }

  /** A watch from the oldest event on, to which the server has agreed. */
  Watch watching() throws Exception {
    Await.Running<Watch> begun = Await.start(() -> client.watch(0, this));
    says(accepts("{'after':0}"), place("e1", 0));
    return begun.get();
  }

  /** The connection is lost, and there is another one. */
  void reconnect() throws Exception {
    peer.close();
    peer = server.accept();
    peer.admit(Terms.STANDARD.withEpoch(2));
  }
}
