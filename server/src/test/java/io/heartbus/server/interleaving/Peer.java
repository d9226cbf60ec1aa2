package io.heartbus.server.interleaving;

import java.io.IOException;
import java.util.ArrayDeque;

/** A connection: the socket, the model of what happens on it, and whether it is being read. */
final class Peer {
  private final Line line;
  private final ConnectionModel model;
  private final ArrayDeque<Incoming> incoming = new ArrayDeque<>();

  /** Rounds of reading that are left out. */
  private int pausedRounds;

  private boolean closed;
  private boolean aborted;

  Peer(Line line, ConnectionModel model) {
    this.line = line;
    this.model = model;
  }

  /** Leaves a frame to be sent, and says so in the trace. */
  void send(byte[] frame, String said) {
    model.world().trace().add(model.name() + " << " + said);
    line.queue(frame);
  }

  /** Reads what has come, unless this peer does not read now. */
  void read() throws IOException {
    if (closed || --pausedRounds > 0) {
      return;
    }
    boolean broken = false;
    try {
      line.read(incoming);
    } catch (IOException reset) {
      broken = true;
    }
    while (!incoming.isEmpty()) {
      Incoming frame = incoming.remove();
      model.world().trace().add(model.name() + " >> " + frame);
      model.receive(frame);
    }
    if (broken || line.over()) {
      model.world().trace().add(model.name() + (broken ? " was reset" : " >> the end"));
      model.serverClosed(!broken);
      close();
    }
  }

  void pause(int rounds) {
    pausedRounds = rounds;
  }

  void resume() {
    pausedRounds = 0;
  }

  private void close() throws IOException {
    closed = true;
    line.close();
  }

  /** Hangs up with a reset, at once. */
  void abort() throws IOException {
    closed = true;
    aborted = true;
    line.reset();
  }

  /** Whether the server may not have noticed yet that it is over. */
  boolean aborted() {
    return aborted;
  }

  boolean closed() {
    return closed;
  }

  Line line() {
    return line;
  }

  ConnectionModel model() {
    return model;
  }
}
