package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The connections of one measurement to one server. Belongs to the thread that measures, which
 * reads for all of them and blocks in the methods that say until when.
 */
final class Clients implements AutoCloseable {
  /** Less than any backlog: a SYN that finds it full is sent again a second later. */
  private static final int ENTERING_MAX = 64;

  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int READ_BYTES = 256 * 1024;

  /** What is written between two reads: as much as may be under way, and grants of credit. */
  private static final int WRITE_BYTES = 256 * 1024;

  /** What is done with what the clients hear, on the thread that reads. */
  interface Ear {
    /** A beat was answered, or a message came in. */
    void answered(Client client, long nowNanos) throws IOException;

    /** All that a read brought in was heard; what is written now leaves at once. */
    default void caughtUp(Client client, ByteBuffer out) throws IOException {}

    /** All clients were read that had something. */
    default void turned(ByteBuffer out) throws IOException {}
  }

  private final InetSocketAddress server;
  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
  private final List<Client> clients = new ArrayList<>();
  private int ready;

  Clients(InetSocketAddress server) throws IOException {
    this.server = server;
    this.selector = Selector.open();
  }

  int count() {
    return clients.size();
  }

  Client at(int place) {
    return clients.get(place);
  }

  /**
   * Connects until there are so many, as fast as the server lets them in, and waits until it has
   * let in all.
   */
  void grow(int count, IntFunction<Conversation> conversations) throws IOException {
    int readyBefore = ready;
    long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
    while (ready < count) {
      while (clients.size() < Math.min(count, ready + ENTERING_MAX)) {
        Client client = Client.open(selector, server, conversations.apply(clients.size()));
        clients.add(client);
        client.conversation().greet(out);
        client.send(out);
      }
      select(deadlineNanos, (client, nowNanos) -> client.underway().take());
      if (ready > readyBefore) {
        readyBefore = ready;
        deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
      } else if (System.nanoTime() - deadlineNanos > 0) {
        throw new IOException(
            "the server let in %d of %d, then no more".formatted(ready, clients.size()));
      }
    }
  }

  /** Lets the ear write what nothing that comes in will remind it of. */
  void begin(Ear ear) throws IOException {
    for (Client client : clients) {
      ear.caughtUp(client, out);
      client.send(out);
    }
    ear.turned(out);
  }

  /** Reads until then. */
  void read(long untilNanos, Ear ear) throws IOException {
    while (untilNanos - System.nanoTime() > 0) {
      select(untilNanos, ear);
    }
  }

  /** Reads until nothing is under way, but no longer than that. Returns how much still is. */
  long settle(long untilNanos, Ear ear) throws IOException {
    while (underway() > 0 && untilNanos - System.nanoTime() > 0) {
      // Not to the end: the last answer may come within the first turn.
      select(Math.min(untilNanos, System.nanoTime() + 20 * NANOS_PER_MILLI), ear);
    }
    return underway();
  }

  private long underway() {
    return clients.stream().mapToLong(client -> client.underway().count()).sum();
  }

  private void select(long untilNanos, Ear ear) throws IOException {
    long millis = (untilNanos - System.nanoTime()) / NANOS_PER_MILLI;
    selector.select(Math.max(1, millis));
    for (SelectionKey key : selector.selectedKeys()) {
      hear((Client) key.attachment(), ear);
    }
    selector.selectedKeys().clear();
    ear.turned(out);
  }

  private void hear(Client client, Ear ear) throws IOException {
    client.receive(in);
    long nowNanos = System.nanoTime();
    Conversation.Heard heard = client.conversation().hear(in, out);
    while (heard != Conversation.Heard.FRAGMENT) {
      switch (heard) {
        case READY -> ready++;
        case BEAT, MESSAGE -> ear.answered(client, nowNanos);
        case NOTE, FRAGMENT -> {}
      }
      heard = client.conversation().hear(in, out);
    }
    client.keep(in);
    ear.caughtUp(client, out);
    client.send(out);
  }

  @Override
  public void close() throws IOException {
    clients.forEach(Client::close);
    // The selector would free the descriptors only with its next turn.
    selector.selectNow();
    selector.close();
  }
}
