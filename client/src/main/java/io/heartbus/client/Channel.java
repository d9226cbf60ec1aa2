package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A two-way stream of messages between this node and whatever stands behind a name at the server.
 * Any number of threads may use it; messages of one channel leave and arrive in order, each whole.
 *
 * <p>A message is sent as far as the other side has granted credit, and its bytes are copied:
 * {@code send} returns when the message has been handed to the connection, not when it has been
 * received. A receiver that does not receive costs only its own channel.
 *
 * <p>When the connection is lost, a channel made by {@link HeartbeatClient#open} waits for the next
 * one and is opened again there, unless one direction had ended; {@link
 * ClientListener#channelReopened} then tells what may be missing. Waiting calls simply wait longer.
 * A channel of a request or one that the server opened ends with a {@link ConnectionLostException}.
 *
 * <p>Interrupting a thread that waits here ends that wait and nothing else. A message of which a
 * part had left is then finished in the background, because its rest cannot be withdrawn.
 */
public final class Channel implements AutoCloseable {
  /** The code by which this client resets a channel that it has lost interest in. */
  public static final int CANCELLED = ErrorCode.APPLICATION_FIRST;

  private final ChannelState state;
  private final int messageBytesMax;

  /** Held by whoever sends a message, so that its fragments stay together. */
  private final Semaphore sending = new Semaphore(1, true);

  private volatile boolean ending;

  Channel(ChannelState state, int messageBytesMax) {
    this.state = state;
    this.messageBytesMax = messageBytesMax;
  }

  ChannelState state() {
    return state;
  }

  ChannelKind kind() {
    return state.kind;
  }

  /** The name it was opened by. */
  public String name() {
    return state.name;
  }

  /** False once it was closed here, or neither direction can carry anything more. */
  public boolean isOpen() {
    return state.isOpen();
  }

  /**
   * Sends a message, and waits for credit as long as it takes.
   *
   * @throws ChannelClosedException when the channel was closed, refused or reset
   * @throws ClientClosedException when the client is closed
   * @throws ConnectionLostException when the connection is lost and the channel not opened again
   * @throws IllegalArgumentException when the message is longer than the options allow
   */
  public void send(byte[] message) throws IOException, InterruptedException {
    send(message, false, Deadline.NEVER);
  }

  /**
   * Sends a message, and waits for credit at most that long.
   *
   * @throws TimedOutException when that was not enough: nothing was sent, or the message says that
   *     a part has left and the rest follows in the background
   */
  public void send(byte[] message, Duration wait) throws IOException, InterruptedException {
    send(message, false, Deadline.in(wait));
  }

  /** As {@link #send(byte[], Duration)}, and ends this side's direction with the message. */
  public void sendLast(byte[] message, Duration wait) throws IOException, InterruptedException {
    send(message, true, Deadline.in(wait));
  }

  /** Sends a message if that needs no waiting; false, and nothing sent, otherwise. */
  public boolean trySend(byte[] message) throws IOException {
    check(message);
    if (!sending.tryAcquire()) {
      return false;
    }
    try {
      return new MessageSender(state, message, false).runNow();
    } finally {
      doneSending();
    }
  }

  /**
   * The next message, waiting for it as long as it takes.
   *
   * @throws ChannelClosedException after the last message: NORMAL when the other side ended
   */
  public byte[] receive() throws IOException, InterruptedException {
    return receive(Deadline.NEVER).orElseThrow();
  }

  /** The next message, or nothing when none came within that time. */
  public Optional<byte[]> receive(Duration wait) throws IOException, InterruptedException {
    return receive(Deadline.in(wait));
  }

  /**
   * Ends this side's direction behind every message whose {@code send} has begun; the other
   * direction goes on. Does not wait.
   */
  public void end() {
    ending = true;
    if (sending.tryAcquire()) {
      doneSending();
    }
  }

  /**
   * Ends both directions at once and forgets what has not left or was not received.
   *
   * @param code told to the other side: 0x8000 and up are free for applications
   * @throws IllegalArgumentException when the code is 0 (which would be {@link #end}) or over
   *     0xFFFF
   */
  public void reset(int code) {
    if (code < 1 || code > 0xFFFF) {
      throw new IllegalArgumentException("code: " + code + " is not between 1 and 65535");
    }
    state.reset(ChannelEnd.reset(code, "was reset on this side"), null);
  }

  /**
   * Ends the channel: messages handed over before still leave, one that waits for credit does not,
   * what was not received is forgotten. The other side is reset when it does not end, too, within a
   * few seconds. Idempotent, does not wait; threads that wait here get a {@link
   * ChannelClosedException}.
   */
  @Override
  public void close() {
    state.close();
  }

  void send(byte[] message, boolean last, Deadline deadline)
      throws IOException, InterruptedException {
    check(message);
    if (!acquire(deadline)) {
      throw new TimedOutException(
          "channel " + name() + ": nothing was sent, another message is in the way");
    }
    if (ending) {
      doneSending();
      throw ChannelEnd.normal("was ended on this side").exception(name());
    }
    MessageSender sender = new MessageSender(state, message, last);
    boolean handedOver = false;
    try {
      sender.run(deadline);
    } catch (TimedOutException | InterruptedException givenUp) {
      if (sender.begun()) {
        handedOver = true;
        Thread.ofVirtual().name("heartbus-finish").start(() -> finish(sender));
      }
      throw givenUp;
    } finally {
      if (!handedOver) {
        doneSending();
      }
    }
  }

  /** Waits until the other side accepted the channel; false when the time is over. */
  boolean awaitAccepted(Deadline deadline) throws IOException, InterruptedException {
    state.lock.lockInterruptibly();
    try {
      while (!state.accepted()) {
        ChannelEnd end = state.ends.over();
        if (end != null) {
          throw end.exception(name());
        }
        if (!deadline.await(state.changed)) {
          return false;
        }
      }
      return true;
    } finally {
      state.lock.unlock();
    }
  }

  Optional<byte[]> receive(Deadline deadline) throws IOException, InterruptedException {
    state.lock.lockInterruptibly();
    try {
      while (true) {
        if (state.ends.closed()) {
          throw ChannelEnd.normal("was closed on this side").exception(name());
        }
        byte[] message = state.inbox.poll();
        regrant();
        if (message != null) {
          return Optional.of(message);
        }
        if (state.inbox.tooLarge()) {
          refuseMessage();
        }
        ChannelEnd end = state.ends.receiveEnd();
        if (end != null) {
          throw end.exception(name());
        }
        if (!deadline.await(state.changed)) {
          return Optional.empty();
        }
      }
    } finally {
      state.lock.unlock();
    }
  }

  private void regrant() {
    long grant = state.inbox.takeGrant();
    Link link = state.link();
    if (grant > 0 && link != null && !state.ends.remoteEnded()) {
      link.connection.control(new Frame.Credit(link.id, grant));
    }
  }

  private void refuseMessage() {
    Link link = state.link();
    int code = ErrorCode.TOO_LARGE.code();
    String text = "a message over " + messageBytesMax + " bytes";
    state.reset(
        ChannelEnd.reset(code, text),
        link == null ? null : new Frame.Fault(code, Frame.Scope.CHANNEL, link.id, 0, text));
  }

  private boolean acquire(Deadline deadline) throws InterruptedException {
    return sending.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
  }

  private void finish(MessageSender sender) {
    try {
      sender.run(Deadline.NEVER);
    } catch (IOException channelEnded) {
      // Whoever uses the channel next is told.
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      doneSending();
    }
  }

  /** The next message may go; after the last one the end does. */
  private void doneSending() {
    if (ending) {
      state.endLocal();
    }
    sending.release();
    // Between the two lines above somebody may have asked for the end and found the way taken.
    if (ending && sending.tryAcquire()) {
      state.endLocal();
      sending.release();
    }
  }

  private void check(byte[] message) {
    if (message.length > messageBytesMax) {
      throw new IllegalArgumentException(
          "message: " + message.length + " bytes, at most " + messageBytesMax);
    }
  }

  @Override
  public String toString() {
    return "Channel[" + name() + (isOpen() ? "" : ", closed") + "]";
  }
}
