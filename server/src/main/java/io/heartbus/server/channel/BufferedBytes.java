package io.heartbus.server.channel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sum of what waits in all queues of the server. Over its watermark no credit is given back;
 * channels that are owed some are remembered, and get it when the sum has fallen. Any thread.
 */
final class BufferedBytes {
  private final long watermark;
  private final AtomicLong sum = new AtomicLong();
  private final Queue<ChannelInput> owed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean paying = new AtomicBoolean();

  BufferedBytes(long watermark) {
    this.watermark = watermark;
  }

  void add(long bytes) {
    sum.addAndGet(bytes);
  }

  /** Books what left a queue, and has paid what is owed when there is room for it. */
  void remove(long bytes) {
    if (sum.addAndGet(-bytes) <= watermark) {
      payOwed();
    }
  }

  boolean over() {
    return sum.get() > watermark;
  }

  /** Remembers a channel that would have got credit. */
  void owe(ChannelInput channel) {
    owed.add(channel);
    if (!over()) {
      // The sum fell in between, and there may be nobody left to lower it further.
      payOwed();
    }
  }

  /** On a thread of its own, because the caller holds the lock of one channel set. */
  private void payOwed() {
    if (!owed.isEmpty() && paying.compareAndSet(false, true)) {
      Thread.startVirtualThread(this::pay);
    }
  }

  private void pay() {
    ChannelInput channel = owed.poll();
    while (channel != null) {
      channel.grantOwed();
      channel = over() ? null : owed.poll();
    }
    paying.set(false);
    if (!over()) {
      payOwed();
    }
  }

  long sum() {
    return sum.get();
  }
}
