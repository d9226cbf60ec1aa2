package io.heartbus.loadtest;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that come in on one channel: each is checked, and entered into an account of what
 * its senders have sent. Knows no socket. Owned by the fleet's thread; times are nanoseconds since
 * the run began.
 */
final class Receiver {
  private final Stamp stamp;
  private final Senders senders;
  private final Grants grants;
  private final Flow flow;
  private final @Nullable Sequence[] sequences;

  /** The fragments of a message that is not complete; null when there are none. */
  private @Nullable ByteBuffer assembly;

  private long received;
  private long corrupted;
  private long dropped;

  /** Receives from those senders, and gives back credit as {@code grants} says. */
  Receiver(Stamp stamp, Senders senders, Grants grants, Flow flow) {
    this.stamp = stamp;
    this.senders = senders;
    this.grants = grants;
    this.flow = flow;
    this.sequences = new @Nullable Sequence[senders.count()];
  }

  Grants grants() {
    return grants;
  }

  Flow flow() {
    return flow;
  }

  /**
   * A DATA came in, whose payload is in the inlet.
   *
   * @return whether it completed a message that had not come before
   */
  boolean arrived(Inlet in, long nowNanos) {
    int bytes = in.payloadBytes();
    grants.took(Credit.cost(bytes));
    if (assembly == null && !in.more()) {
      return arrived(in.bytes(), in.payloadAt(), bytes, nowNanos);
    }
    ByteBuffer joined = assembly == null ? ByteBuffer.allocate(stamp.messageBytes()) : assembly;
    assembly = null;
    if (bytes > joined.remaining()) {
      return corrupted();
    }
    joined.put(in.bytes().slice(in.payloadAt(), bytes));
    if (in.more()) {
      assembly = joined;
      return false;
    }
    return arrived(joined, 0, joined.position(), nowNanos);
  }

  /** The server said that it left out so many messages. */
  void dropped(long messages) {
    dropped += messages;
    flow.dropped(messages);
  }

  /** Nothing more will come: what is missing by now is lost. */
  void over() {
    long sent = 0;
    for (int place = 0; place < senders.count(); place++) {
      sent += senders.sent(place);
    }
    long missing = sent - received;
    flow.accounted(
        Math.max(0, missing - dropped - corrupted), Math.max(0, dropped - Math.max(0, missing)));
  }

  private boolean arrived(ByteBuffer in, int at, int bytes, long nowNanos) {
    if (!stamp.intact(in, at, bytes)) {
      return corrupted();
    }
    int place = senders.place(Stamp.sender(in, at));
    long seq = Stamp.seq(in, at);
    if (place < 0 || seq < 0 || seq >= senders.sent(place)) {
      return corrupted();
    }
    switch (sequence(place).arrived(seq)) {
      case NEWER -> {}
      case LATE -> flow.reordered();
      case COPY -> {
        flow.duplicated();
        return false;
      }
    }
    received++;
    flow.received(Stamp.intendedNanos(in, at), nowNanos);
    return true;
  }

  /** It counts as come, or its sender would wait for it. */
  private boolean corrupted() {
    corrupted++;
    flow.corrupted();
    return true;
  }

  private Sequence sequence(int place) {
    Sequence sequence = sequences[place];
    if (sequence == null) {
      sequence = new Sequence();
      sequences[place] = sequence;
    }
    return sequence;
  }
}
