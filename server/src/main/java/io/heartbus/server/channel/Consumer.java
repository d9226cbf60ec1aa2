package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The virtual thread that handles the messages of one channel. For a built-in handler it lives for
 * as long as there are messages; for an application's, from the opening until that returns.
 */
final class Consumer {
  private final ChannelSet set;
  private final ServerChannel channel;
  private final ChannelInput input;

  /** The consumer's own. */
  private final Assembly assembly = new Assembly();

  /** Null when nobody consumes. Guarded by the set's lock. */
  private @Nullable Thread thread;

  /** Whether an application was given the channel. Guarded by the set's lock. */
  private boolean begun;

  Consumer(ChannelSet set, ServerChannel channel, ChannelInput input) {
    this.set = set;
    this.channel = channel;
    this.input = input;
  }

  /** Starts the thread of an application; others start with the first message. The lock is held. */
  void startApplication() {
    if (channel.binding().application() != null && !begun) {
      begun = true;
      set.handlerStarts();
      start(this::runApplication);
    }
  }

  /** There is something to be consumed. The lock is held. */
  void wake() {
    if (thread == null && (begun || channel.binding().application() == null)) {
      start(this::run);
    }
  }

  /** Whether somebody is at it. The lock is held. */
  boolean busy() {
    return thread != null;
  }

  private void start(Runnable body) {
    thread = set.newThread(body);
    thread.start();
  }

  /**
   * Interrupts the thread of an application, if there is one. Not a built-in handler's: what that
   * waits for ends with its channel, and it writes to sockets, which an interrupt would close.
   */
  void interruptApplication() {
    set.lock().lock();
    try {
      if (thread != null && channel.binding().application() != null) {
        thread.interrupt();
      }
    } finally {
      set.lock().unlock();
    }
  }

  private void runApplication() {
    ChannelHandler application = channel.binding().application();
    if (application == null) {
      return;
    }
    @Nullable Throwable failure = null;
    set.applications().add(Thread.currentThread());
    try {
      application.handle(channel);
    } catch (Throwable thrown) {
      failure = thrown;
    }
    set.applications().remove(Thread.currentThread());
    // Before the end, or the error, goes out: the peer may open the next channel then.
    set.handlerReturned();
    if (failure == null) {
      channel.close();
    } else {
      failed(failure);
    }
    forgetPart();
    // Nobody is left to receive; what still comes is taken, so that the peer can end in its turn.
    run();
  }

  private void run() {
    try {
      Frame.Data data = take();
      while (data != null) {
        handle(data);
        data = take();
      }
    } catch (Throwable failure) {
      failed(failure);
      set.lock().lock();
      try {
        leave();
      } finally {
        set.lock().unlock();
      }
    }
    flush();
  }

  private void flush() {
    if (channel.binding().application() == null) {
      set.carrier().flush();
    } else {
      set.carrier().flushSoon();
    }
  }

  private void leave() {
    thread = null;
    channel.closeIfEnded();
  }

  /** Resets the channel, and only it, whatever the handler threw. */
  private void failed(Throwable failure) {
    switch (failure) {
      case InterruptedException _ ->
          channel.reset(ErrorCode.DRAINING, "the handler was interrupted");
      case ChannelClosedException _ -> channel.reset(ErrorCode.CLOSED, "closed");
      default -> {
        set.handlerFailed(channel, failure);
        channel.reset(ErrorCode.INTERNAL, "the handler failed");
      }
    }
  }

  /** The next frame; null ends this thread. */
  private Frame.@Nullable Data take() throws InterruptedException, IOException {
    Frame.Data data = next();
    if (data == null) {
      channel.binding().handler().idle(channel);
      flush();
      return nextOrEnd();
    }
    return data;
  }

  private Frame.@Nullable Data next() {
    set.lock().lock();
    try {
      return input.take();
    } finally {
      set.lock().unlock();
    }
  }

  private Frame.@Nullable Data nextOrEnd() {
    set.lock().lock();
    try {
      Frame.Data data = input.take();
      if (data == null) {
        leave();
      }
      return data;
    } finally {
      set.lock().unlock();
    }
  }

  private void handle(Frame.Data data) throws InterruptedException, IOException {
    if (channel.binding().application() != null) {
      // It has returned.
      return;
    }
    MessageHandler handler = channel.binding().handler();
    if (ChannelInput.isGone(data)) {
      return;
    }
    if (ChannelInput.isEnd(data)) {
      forgetPart();
      handler.ended(channel);
      return;
    }
    byte[] message = join(data);
    if (message != null) {
      handler.message(channel, message);
    }
    if (data.end()) {
      handler.ended(channel);
    }
  }

  /**
   * For application handlers: waits for a message; null at the end, or when there was none in time.
   */
  byte @Nullable [] receive(long limitNanos) throws InterruptedException, IOException {
    set.carrier().flushSoon();
    long leftNanos = limitNanos;
    while (true) {
      Frame.Data data;
      set.lock().lockInterruptibly();
      try {
        data = input.take();
        while (data == null) {
          if (input.cutOff()) {
            throw new ChannelClosedException("channel " + channel.id() + " is over");
          }
          if (leftNanos <= 0 || input.exhausted()) {
            return null;
          }
          leftNanos = input.await(leftNanos);
          data = input.take();
        }
      } finally {
        set.lock().unlock();
      }
      // To have taken something may have given credit back.
      set.carrier().flushSoon();
      if (ChannelInput.isEnd(data)) {
        forgetPart();
        return null;
      }
      byte[] message = join(data);
      if (message != null) {
        return message;
      }
    }
  }

  /**
   * Joins a fragment to its message. Returns that if it is complete; resets what grows too large.
   */
  private byte @Nullable [] join(Frame.Data data) {
    byte[] payload = data.payload();
    int messageBytesMax = channel.binding().route().messageBytesMax();
    if (assembly.exceeds(payload.length, messageBytesMax)) {
      channel.reset(ErrorCode.TOO_LARGE, "a message over " + messageBytesMax + " bytes");
      return null;
    }
    int pendingBefore = assembly.pendingBytes();
    if (data.more() && set.tooMuch(pendingBefore + payload.length)) {
      channel.reset(ErrorCode.REFUSED, "too much waits already");
      return null;
    }
    byte[] message = assembly.add(payload, data.more());
    if (pendingBefore != assembly.pendingBytes()) {
      noteAssembled();
    }
    if (message != null) {
      set.counts().received.increment();
    }
    return message;
  }

  /** Nobody will complete the message that was begun, so it must not keep others from credit. */
  private void forgetPart() {
    if (assembly.pendingBytes() > 0) {
      assembly.clear();
      noteAssembled();
    }
  }

  private void noteAssembled() {
    set.lock().lock();
    try {
      input.assembled(assembly.pendingBytes());
    } finally {
      set.lock().unlock();
    }
  }
}
