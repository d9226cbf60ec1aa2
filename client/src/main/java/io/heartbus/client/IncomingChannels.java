package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels that the server opens on this node: each handled on a virtual thread of its own, so
 * many at the same time and no more.
 */
final class IncomingChannels {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingChannels.class);

  private final ChannelHandler handler;
  private final Semaphore free;

  IncomingChannels(ChannelHandler handler, int max) {
    this.handler = handler;
    this.free = new Semaphore(max);
  }

  /** Whether one more may be started; {@link #start} has to follow. */
  boolean admit() {
    return free.tryAcquire();
  }

  void start(Channel channel) {
    Thread.ofVirtual().name("heartbus-incoming").start(() -> handle(channel));
  }

  private void handle(Channel channel) {
    try {
      handler.handle(channel);
    } catch (IOException | InterruptedException e) {
      // The channel or its connection ended under the handler; whoever caused that knows.
      LOG.debug("handler of {} ended early", channel, e);
      channel.reset(ErrorCode.INTERNAL.code());
    } catch (RuntimeException e) {
      LOG.warn("handler of {} failed", channel, e);
      channel.reset(ErrorCode.INTERNAL.code());
    } finally {
      channel.close();
      free.release();
    }
  }
}
