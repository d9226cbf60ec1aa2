package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that writes down what it hears, one word and the details. */
final class EventLog implements ClientListener {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  /** The next event, which has to start so. */
  String expect(String start) throws InterruptedException {
    String event = events.poll(ScriptedServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(event).startsWith(start);
    return event;
  }

  /** The milliseconds in the text of a reconnecting event. */
  static long delayMs(String event) {
    String start = "reconnecting in ";
    return Long.parseLong(event.substring(start.length(), event.indexOf(' ', start.length())));
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Every thread that has called. */
  List<Thread> threads() {
    synchronized (threads) {
      return List.copyOf(threads);
    }
  }

  @Override
  public void connected(Session session) {
    add("connected epoch=" + session.epoch());
  }

  @Override
  public void sessionLost(Session session, IOException cause) {
    add("sessionLost " + cause.getMessage());
  }

  @Override
  public void sessionReplaced(Session session, RejectedException cause) {
    add("sessionReplaced " + cause.getMessage());
  }

  @Override
  public void serverLeaving(ErrorCode reason, Duration comeBackIn) {
    add("serverLeaving " + reason + " " + comeBackIn.toMillis());
  }

  @Override
  public void reconnecting(IOException cause, Duration delay) {
    add("reconnecting in " + delay.toMillis() + " after " + cause.getMessage());
  }

  @Override
  public void channelReopened(Channel channel, ChannelLoss loss) {
    add("channelReopened " + channel.name() + " " + text(loss));
  }

  @Override
  public void channelLost(Channel channel, ChannelLoss loss) {
    add("channelLost " + channel.name() + " " + text(loss));
  }

  @Override
  public void messagesDropped(String channel, long count) {
    add("messagesDropped " + channel + " " + count);
  }

  @Override
  public void advised(ErrorCode code, String message) {
    add("advised " + code + " " + message);
  }

  @Override
  public void closed(IOException cause) {
    add("closed " + (cause == null ? "on purpose" : cause.getMessage()));
  }

  private static String text(ChannelLoss loss) {
    return loss.messagesUnconfirmed() + (loss.incomingCut() ? " cut" : "");
  }

  private void add(String event) {
    synchronized (threads) {
      if (!threads.contains(Thread.currentThread())) {
        threads.add(Thread.currentThread());
      }
    }
    events.add(event);
  }
}
