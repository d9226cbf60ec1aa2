package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import java.io.PrintStream;

/**
 * The nodes of an outpost: they come in and beat, and every step of theirs is a line. Owned by the
 * fleet's thread.
 */
final class OutpostScript extends HeartbeatScript {
  private final int first;
  private final PrintStream out;

  /** Nodes whose numbers begin with {@code first}. */
  OutpostScript(String prefix, int first, PrintStream out) {
    super(prefix);
    this.first = first;
    this.out = out;
  }

  @Override
  public String nodeId(int index) {
    return super.nodeId(first + index);
  }

  @Override
  public void entered(Connection connection, Frame.Pace pace, long nowNanos) {
    int number = first + connection.node().index();
    out.println(
        new OutpostLine.In(number, System.nanoTime(), pace.intervalMs(), pace.timeoutMs()).text());
  }

  @Override
  public void speaking(Connection connection) {
    int number = first + connection.node().index();
    out.println(new OutpostLine.Speaking(number, System.nanoTime()).text());
  }

  @Override
  public void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos) {
    if (ending instanceof Ending.Refused(var reason, _)) {
      out.println(new OutpostLine.Refused(reason).text());
    }
    super.ended(fleet, connection, ending, nowNanos);
  }
}
