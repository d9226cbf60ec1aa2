package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the scenario storm: they come in and beat; round by round all but the last ones are
 * cut off at one moment, and come back as if nobody had taught them patience: a refusal costs them
 * no more than a blink, and only SERVER_BUSY has them wait for as long as it says. Owned by the
 * fleet's thread; times are nanoseconds since the run began.
 */
final class StormScript extends HeartbeatScript {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** As soon as a client may that does not want to spin. */
  private static final long RETRY_NANOS = 10 * NANOS_PER_MILLI;

  private static final long NEVER = Long.MAX_VALUE;

  private final Storm storm;
  private final int touched;
  private final long quietNanos;
  private final List<Node> dropped = new ArrayList<>();
  private final List<StormRound> rounds = new ArrayList<>();
  private long quietSinceNanos = NEVER;

  /** Nodes whose ids begin so; before each storm and after the last they are left in peace. */
  StormScript(String prefix, Scenario scenario, Storm storm) {
    super(prefix);
    this.storm = storm;
    this.touched = scenario.nodes() - storm.untouched();
    this.quietNanos = scenario.quietNanos();
  }

  /** What the storms were like. */
  StormFigures figures() {
    return new StormFigures(storm.untouched(), rounds.stream().map(StormRound::figures).toList());
  }

  @Override
  public void entered(Connection connection, Frame.Pace pace, long nowNanos) {
    if (!touched(connection.node())) {
      return;
    }
    StormRound round = round();
    if (round == null) {
      dropped.add(connection.node());
    } else {
      round.back(nowNanos);
    }
  }

  @Override
  public Heart.@Nullable Follower follower(Node node) {
    return touched(node) ? null : this::answered;
  }

  @Override
  public boolean holding(Fleet fleet, long nowNanos) {
    StormRound round = round();
    if (round == null) {
      quietSinceNanos = Math.min(quietSinceNanos, nowNanos);
    } else if (round.over()) {
      quietSinceNanos = round.endNanos();
    } else {
      return true;
    }
    if (nowNanos - quietSinceNanos < quietNanos) {
      return true;
    }
    if (rounds.size() == storm.rounds() || dropped.isEmpty()) {
      return false;
    }
    begin(fleet, nowNanos);
    return true;
  }

  @Override
  public void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos) {
    StormRound round = round();
    if (round == null || !touched(connection.node())) {
      super.ended(fleet, connection, ending, nowNanos);
      return;
    }
    switch (ending) {
      case Ending.Busy(var retryAfterMs) -> {
        fleet.measurements().busy();
        round.busy();
        long retryNanos = nowNanos + retryAfterMs * NANOS_PER_MILLI;
        if (!asksAgain(fleet, connection, retryNanos)) {
          round.failed(STILL_BUSY, true, nowNanos);
        }
      }
      case Ending.Refused(var reason, _) -> {
        fleet.measurements().refused(reason, false);
        boolean tries = asksAgain(fleet, connection, nowNanos + RETRY_NANOS);
        round.failed(reason, !tries, nowNanos);
      }
      case Ending.Lost _, Ending.Wanted _ -> super.ended(fleet, connection, ending, nowNanos);
    }
  }

  @Override
  public boolean hopeless(Census census, long nowNanos) {
    // In a storm, everybody is refused for a while.
    return rounds.isEmpty() && super.hopeless(census, nowNanos);
  }

  private void begin(Fleet fleet, long nowNanos) {
    rounds.add(new StormRound(dropped.size(), nowNanos));
    for (Node node : dropped) {
      Connection connection = node.connection();
      if (connection != null) {
        connection.reset(nowNanos);
      }
    }
    for (int i = 0; i < dropped.size(); i++) {
      long due = nowNanos + storm.returnNanos(i);
      fleet.connect(dropped.get(i), due, due);
    }
  }

  private void answered(long intendedNanos, long nowNanos) {
    StormRound round = round();
    if (round != null) {
      round.beatAnswered(intendedNanos, nowNanos);
    }
  }

  /** The newest one; null before the first. */
  private @Nullable StormRound round() {
    return rounds.isEmpty() ? null : rounds.getLast();
  }

  private boolean touched(Node node) {
    return node.index() < touched;
  }
}
