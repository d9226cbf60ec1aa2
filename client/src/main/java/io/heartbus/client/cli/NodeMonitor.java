package io.heartbus.client.cli;

import io.heartbus.client.Channel;
import io.heartbus.client.ChannelClosedException;
import io.heartbus.client.ChannelHandler;
import io.heartbus.client.ChannelLoss;
import io.heartbus.client.ClientClosedException;
import io.heartbus.client.ClientListener;
import io.heartbus.client.RejectedException;
import io.heartbus.client.Session;
import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Prints what happens to one node, one line each, and knows when that is over. Any thread. */
final class NodeMonitor implements ClientListener, ChannelHandler {
  private static final long LAST_WORDS_SECONDS = 1;

  private final Terminal terminal;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable IOException failure;

  NodeMonitor(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Waits until the node is closed or nobody reads its output.
   *
   * @throws IOException what made the node give up
   */
  int awaitEnd() throws IOException, InterruptedException {
    ended.await();
    IOException cause = failure;
    if (cause != null) {
      throw cause;
    }
    return 0;
  }

  /** Waits until the last state is printed, but not for long. */
  void awaitClosed() {
    try {
      if (!closed.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        terminal.note("state closed");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** Prints every message of a channel until it ends. */
  void printAll(Channel channel) {
    try {
      while (true) {
        byte[] message = channel.receive();
        print(channel, message);
      }
    } catch (IOException e) {
      failed(channel.name(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  void subscribed(Channel channel) {
    terminal.note("state open channel=" + channel.name());
  }

  /** A channel is over; with the whole node over nobody needs to be told that. */
  void failed(String channel, Exception e) {
    if (closed.getCount() > 0 && !(e instanceof ClientClosedException)) {
      terminal.note("state ended channel=" + channel + " " + e.getMessage());
    }
  }

  /** A channel from the server: what comes is printed, its end is answered with ours. */
  @Override
  public void handle(Channel channel) throws IOException, InterruptedException {
    try {
      while (true) {
        print(channel, channel.receive());
      }
    } catch (ChannelClosedException e) {
      if (e.error() != ErrorCode.NORMAL) {
        throw e;
      }
    }
  }

  @Override
  public void connected(Session session) {
    terminal.note(
        "state connected server="
            + session.server()
            + " epoch="
            + session.epoch()
            + " interval="
            + Texts.duration(session.heartbeatInterval())
            + " timeout="
            + Texts.duration(session.heartbeatTimeout()));
  }

  @Override
  public void sessionLost(Session session, IOException cause) {
    terminal.note("state lost " + cause.getMessage());
  }

  @Override
  public void sessionReplaced(Session session, RejectedException cause) {
    terminal.note("state replaced " + cause.getMessage());
  }

  @Override
  public void serverLeaving(ErrorCode reason, Duration comeBackIn) {
    terminal.note("state leaving reason=" + reason + " comeBackIn=" + Texts.duration(comeBackIn));
  }

  @Override
  public void reconnecting(IOException cause, Duration delay) {
    terminal.note("state reconnecting in=" + Texts.duration(delay) + " " + cause.getMessage());
  }

  @Override
  public void channelReopened(Channel channel, ChannelLoss loss) {
    terminal.note(
        "state reopened channel="
            + channel.name()
            + " unconfirmed="
            + loss.messagesUnconfirmed()
            + (loss.incomingCut() ? " cut" : ""));
  }

  @Override
  public void messagesDropped(String channel, long count) {
    terminal.note("state dropped channel=" + channel + " messages=" + count);
  }

  @Override
  public void advised(ErrorCode code, String message) {
    terminal.note("state advised " + code + " " + message);
  }

  @Override
  public void closed(@Nullable IOException cause) {
    terminal.note("state closed" + (cause == null ? "" : " " + cause.getMessage()));
    failure = failure == null ? cause : failure;
    closed.countDown();
    ended.countDown();
  }

  private void print(Channel channel, byte[] message) {
    try {
      terminal.line("message " + channel.name() + " " + Terminal.text(message));
    } catch (Terminal.NobodyReads e) {
      ended.countDown();
    }
  }
}
