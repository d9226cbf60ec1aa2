package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A script with channels, for a {@link FakeServer}: echo, topics, and a route that never reads.
 * What becomes of each message is up to a test. Counts what nodes send beyond their credit.
 */
final class FakeBus implements FakeServer.Script {
  static final int INTERVAL_MS = 100;

  /** One channel of one node. */
  final class End {
    private final FakeServer.Peer peer;
    private final Frame.ChannelOpen open;
    private final AtomicInteger taken = new AtomicInteger();
    private int outgoing;
    private long credit = grantBytes;
    private long takenCost;

    private End(FakeServer.Peer peer, Frame.ChannelOpen open) {
      this.peer = peer;
      this.open = open;
    }

    String name() {
      return open.name();
    }

    boolean onlySends() {
      return open.initialCredit() == 0;
    }

    /** Grants that the node gave with its OPEN. */
    long initialCredit() {
      return open.initialCredit();
    }

    /** Sends a message on, or whatever else a test wants. */
    void send(int flags, byte[] payload) throws IOException {
      tell(Frame.Data.of(open.channel(), flags, payload));
    }

    void tell(Frame frame) throws IOException {
      lock.lock();
      try {
        peer.send(frame);
      } finally {
        lock.unlock();
      }
    }

    long channel() {
      return open.channel();
    }
  }

  /** What becomes of message {@code number}, counted from 0 for each receiver. */
  interface Delivery {
    void deliver(End to, byte[] payload, int number) throws IOException;

    Delivery HONEST = (to, payload, _) -> to.send(0, payload);
  }

  /** What is answered to an OPEN. */
  interface Welcome {
    void answer(End end) throws IOException;
  }

  private final Delivery delivery;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentMap<FakeServer.Peer, List<End>> ends = new ConcurrentHashMap<>();
  private Welcome welcome = this::accept;
  private int grantBytes = 4096;
  private boolean regranting = true;

  /** Beyond their credit. */
  final List<Frame.Data> violations = new CopyOnWriteArrayList<>();

  /** All frames of nodes but DATA, beats and goodbyes. */
  final List<Frame> heard = new CopyOnWriteArrayList<>();

  FakeBus(Delivery delivery) {
    this.delivery = delivery;
  }

  FakeBus welcoming(Welcome answer) {
    welcome = answer;
    return this;
  }

  /** Grants that much once and never again. */
  FakeBus granting(int bytes) {
    grantBytes = bytes;
    regranting = false;
    return this;
  }

  /** Whether on so many channels so many messages have come, and were dealt with. */
  boolean took(int channels, long messages) {
    return ends.values().stream()
            .flatMap(List::stream)
            .filter(end -> end.taken.get() >= messages)
            .count()
        >= channels;
  }

  void accept(End end) throws IOException {
    end.tell(new Frame.ChannelAccept(end.channel(), grantBytes));
  }

  @Override
  public void play(FakeServer.Peer peer) throws IOException {
    peer.letIn(INTERVAL_MS);
    ends.put(peer, new CopyOnWriteArrayList<>());
    boolean stays = true;
    while (stays) {
      Frame frame = peer.read();
      switch (frame) {
        case Frame.ChannelOpen open -> {
          heard.add(open);
          End end = new End(peer, open);
          ends.get(peer).add(end);
          welcome.answer(end);
        }
        case Frame.Data data -> received(peer, data);
        case Frame.Credit credit -> heard.add(credit);
        default -> {
          lock.lock();
          try {
            stays = peer.answer(frame);
          } finally {
            lock.unlock();
          }
        }
      }
    }
    ends.remove(peer);
  }

  private void received(FakeServer.Peer peer, Frame.Data data) throws IOException {
    for (End end : ends.get(peer)) {
      if (end.channel() == data.channel()) {
        received(end, data);
      }
    }
  }

  private void received(End from, Frame.Data data) throws IOException {
    long cost = Credit.cost(data.payload().length);
    from.credit -= cost;
    if (from.credit < 0) {
      violations.add(data);
    }
    from.takenCost += cost;
    if (regranting && from.takenCost >= grantBytes / 2 && !from.name().equals("hold")) {
      from.credit += from.takenCost;
      from.tell(new Frame.Credit(from.channel(), from.takenCost));
      from.takenCost = 0;
    }
    if (from.name().equals("echo")) {
      delivery.deliver(from, data.payload(), from.outgoing++);
    } else if (from.name().startsWith("topic/")) {
      publish(from.name(), data.payload());
    }
    from.taken.addAndGet(data.more() ? 0 : 1);
  }

  private void publish(String name, byte[] payload) throws IOException {
    for (List<End> channels : ends.values()) {
      for (End end : channels) {
        if (end.name().equals(name) && !end.onlySends()) {
          delivery.deliver(end, payload, end.outgoing++);
        }
      }
    }
  }
}
