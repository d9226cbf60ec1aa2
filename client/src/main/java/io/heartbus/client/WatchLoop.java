package io.heartbus.client;

import io.heartbus.client.PresenceMessage.Gap;
import io.heartbus.client.PresenceMessage.Place;
import io.heartbus.client.PresenceMessage.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a watch, on a virtual thread of its own: a channel for as long as its connection
 * lasts, then another one, which goes on behind the last event that was handled.
 */
final class WatchLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchLoop.class);
  private static final String CHANNEL = "presence";
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final ClientContext context;
  private final SessionState state;
  private final ChannelOpener opener;
  private final WatchProgress progress;
  private final PresenceHandler handler;
  private final PresenceCodec codec = new PresenceCodec();
  private final CompletableFuture<@Nullable Void> agreed = new CompletableFuture<>();
  private int failures;
  private volatile boolean closed;

  WatchLoop(
      ClientContext context, SessionState state, WatchProgress progress, PresenceHandler handler) {
    this.context = context;
    this.state = state;
    this.opener = new ChannelOpener(context, state);
    this.progress = progress;
    this.handler = handler;
  }

  /** Done once the server has agreed for the first time, or will not. */
  CompletableFuture<@Nullable Void> agreed() {
    return agreed;
  }

  /** Nothing more is to be told. Whoever calls interrupts the thread, unless it is the caller. */
  void close() {
    closed = true;
  }

  @Override
  public void run() {
    Exception cause = new IllegalStateException("the watch broke off");
    try {
      while (!closed) {
        follow();
      }
      cause = null;
    } catch (IOException | InterruptedException | RuntimeException end) {
      cause = end;
    } finally {
      end(closed ? null : cause);
    }
  }

  private void end(@Nullable Exception cause) {
    if (agreed.completeExceptionally(cause == null ? new ClientClosedException(null) : cause)) {
      // Whoever began the watch is told.
      return;
    }
    try {
      boolean clientClosed = cause instanceof ClientClosedException && cause.getCause() == null;
      handler.ended(clientClosed ? null : cause);
    } catch (RuntimeException failure) {
      LOG.warn("the handler of a presence watch failed", failure);
    }
  }

  /** Follows one channel to its end; returns if there may be another one. */
  private void follow() throws IOException, InterruptedException {
    Channel channel;
    try {
      channel = opener.open(CHANNEL, ChannelKind.WATCH, context.initialCredit(), Deadline.NEVER);
    } catch (ChannelClosedException refused) {
      if (progress.endsWithout(refused)) {
        throw refused;
      }
      pause();
      return;
    } catch (ConnectionLostException lost) {
      // The next connection will do.
      return;
    }
    try {
      channel.send(PresenceCodec.request(progress.request()));
      while (!closed) {
        tell(codec.read(channel.receive()));
      }
    } catch (ChannelClosedException over) {
      if (progress.endsWith(over)) {
        throw over;
      }
      pause();
    } catch (ConnectionLostException lost) {
      LOG.debug("a presence watch waits for the next connection", lost);
    } finally {
      channel.reset(Channel.CANCELLED);
    }
  }

  private void pause() throws InterruptedException {
    failures++;
    boolean _ = state.rest(BACKOFF.delay(failures, context.random()).toNanos());
  }

  private void tell(PresenceMessage message) throws IOException, InterruptedException {
    switch (message) {
      case Told told -> {
        handler.event(told.event());
        progress.reached(told.event().seq());
      }
      case Place place -> {
        WatchProgress.News news = progress.placed(place);
        failures = 0;
        boolean _ = agreed.complete(null);
        tell(news);
        progress.reached(place.position());
      }
    }
  }

  private void tell(WatchProgress.News news) throws InterruptedException {
    if (news.before() != null) {
      handler.restarted(news.before());
    }
    Gap gap = news.gap();
    Long to = gap == null ? null : gap.to();
    if (gap != null && to != null) {
      handler.gap(gap.from(), to);
    }
  }
}
