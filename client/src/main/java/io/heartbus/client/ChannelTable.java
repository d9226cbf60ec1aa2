package io.heartbus.client;

import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The open channels of one connection by their ids. Any thread opens and leaves; {@link
 * ChannelFrames} brings what comes in.
 */
final class ChannelTable {
  /** What an OPEN takes in the outbox at most. */
  private static final int OPEN_BYTES_MAX = Wire.HEADER_BYTES + 10 + Wire.CHANNEL_NAME_BYTES_MAX;

  /** A channel and where it is attached. */
  record Place(Link link, Channel channel) {
    ChannelState state() {
      return channel.state();
    }
  }

  private record Lingering(ChannelState channel, long untilNanos) {}

  /** A channel that lost its connection. */
  record Detached(Channel channel, ChannelLoss loss, boolean lasting) {}

  private final Connection connection;
  private final ClientContext context;
  private final long assumedCredit;
  private final Map<Long, Place> open = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Lingering> lingering = new ConcurrentLinkedQueue<>();
  // Ids have to leave in order: taken and queued under this lock, which nests outside a channel's.
  private final ReentrantLock opening = new ReentrantLock();
  // Guarded by opening.
  private long nextId = Wire.DEFAULT_CHANNEL + 2;
  private boolean over;
  // Written under opening, read by the reader thread.
  private volatile long highestOwn = Wire.DEFAULT_CHANNEL;

  /**
   * @param assumedCredit what the server grants every channel at least, before it accepts it
   */
  ChannelTable(Connection connection, ClientContext context, long assumedCredit) {
    this.connection = connection;
    this.context = context;
    this.assumedCredit = assumedCredit;
  }

  /** Channel 1 is open from the start. */
  void attachDefault(Channel channel) {
    Link link = new Link(connection, Wire.DEFAULT_CHANNEL, assumedCredit, true);
    open.put(link.id, new Place(link, channel));
    if (!channel.state().attach(link)) {
      open.remove(link.id);
    }
  }

  /**
   * Asks the server for a channel and goes on without waiting for the answer.
   *
   * @return false when this connection takes no more channels
   * @throws TimedOutException when not even the question could leave in time
   */
  boolean open(Channel channel, Deadline deadline) throws TimedOutException, InterruptedException {
    switch (connection.outbox().reserve(OPEN_BYTES_MAX, deadline)) {
      case OVER -> {
        return false;
      }
      case TIMED_OUT -> throw new TimedOutException("channel " + channel.name() + ": not opened");
      case GRANTED -> {}
    }
    return place(channel, OPEN_BYTES_MAX);
  }

  /** As {@link #open}, for a channel that has been open before; never waits. */
  boolean reopen(Channel channel) {
    return place(channel, 0);
  }

  private boolean place(Channel channel, int reserved) {
    opening.lock();
    try {
      Link link = new Link(connection, nextId, assumedCredit, true);
      open.put(link.id, new Place(link, channel));
      // What the server says about the channel comes after the OPEN, and so after this.
      highestOwn = link.id;
      if (over || !channel.state().open(link, reserved)) {
        open.remove(link.id);
        highestOwn = nextId - 2;
        connection.outbox().release(reserved);
        return !over;
      }
      nextId += 2;
      return true;
    } finally {
      opening.unlock();
    }
  }

  /** The server opened a channel; called by the reader thread. */
  void add(Link link, Channel channel) {
    open.put(link.id, new Place(link, channel));
    channel.state().attach(link);
  }

  /** The channel that is open under that id, or null. */
  @Nullable Place at(long id) {
    return open.get(id);
  }

  /** The highest id that this side has opened. */
  long highestOwn() {
    return highestOwn;
  }

  /** What the server grants a channel before it accepts it. */
  long assumedCredit() {
    return assumedCredit;
  }

  /** The channel left the connection. */
  void remove(long id, ChannelState channel) {
    open.computeIfPresent(id, (key, place) -> place.state() == channel ? null : place);
  }

  /** That channel was closed here and waits for the other side's end, but not for ever. */
  void linger(ChannelState channel) {
    lingering.add(
        new Lingering(channel, System.nanoTime() + context.limits().lingerTime().toNanos()));
  }

  /** Resets what has lingered long enough. */
  void expire(long nowNanos) {
    Lingering first = lingering.peek();
    while (first != null && first.untilNanos() - nowNanos <= 0) {
      lingering.poll();
      first.channel().reset(ChannelEnd.reset(Channel.CANCELLED, "was closed on this side"), null);
      first = lingering.peek();
    }
  }

  /** Whether leaving now would cut a request or a half-closed channel short. */
  boolean busy() {
    return open.values().stream().anyMatch(place -> place.state().busy());
  }

  int size() {
    return open.size();
  }

  /** The connection is lost; the channels in the order of their opening. */
  List<Detached> detachAll(IOException cause) {
    List<Detached> detached = new ArrayList<>();
    for (Place place : close()) {
      ChannelState.Detached result = place.state().detach(place.link(), cause);
      if (result != null) {
        detached.add(new Detached(place.channel(), result.loss(), result.lasting()));
      }
    }
    return detached;
  }

  /** The client is closed: every channel ends for that reason. */
  void endAll(ChannelEnd end) {
    close().forEach(place -> place.state().endQuietly(end));
  }

  private List<Place> close() {
    opening.lock();
    try {
      over = true;
    } finally {
      opening.unlock();
    }
    return open.values().stream()
        .sorted(Comparator.comparingLong((Place place) -> place.link().id))
        .toList();
  }
}
