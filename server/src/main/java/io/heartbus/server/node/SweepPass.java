package io.heartbus.server.node;

import io.heartbus.server.liveness.Liveness;
import io.heartbus.server.liveness.MassLossGuard;
import io.heartbus.server.liveness.MassLossSettings;
import io.heartbus.server.metrics.DurationHistogram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass after the other: first all connections are looked at, so that it is known how many would
 * time out at once, and then verdicts are given, or held. Between two passes those are looked at
 * again whom the last one found about to time out, so that few verdicts wait for a pass. Only the
 * sweep's thread uses it.
 */
final class SweepPass {
  private static final Logger LOG = LoggerFactory.getLogger(SweepPass.class);
  private static final long NANOS_PER_MS = 1_000_000;
  private static final String NO_GROUP = "";

  /** How long a calm connection is left alone; a shorter pace is seen that much later. */
  private static final long LOOK_NANOS_MAX = 5_000_000_000L;

  /** How many groups the event of a mass loss names, the largest losses first. */
  private static final int GROUPS_NAMED_MAX = 20;

  /** So many are looked at again between two passes; of more, each waits for the next pass. */
  private static final int CLOSER_LOOKS_MAX = 10_000;

  /**
   * A connection that was silent for two intervals, or that will time out within one.
   *
   * @param before the state that its node was found in
   */
  private record Silent(Link link, Node node, long heardNanos, NodeState before, boolean atRisk) {}

  private final NodeTable table;
  private final MassLossGuard guard;
  private final DurationHistogram detectionDelay;

  /** These are of the pass under way, or of the last one. */
  private final List<Silent> silent = new ArrayList<>();

  private final Map<String, Integer> atRisk = new HashMap<>();
  private final Map<String, Integer> overdue = new HashMap<>();
  private long nowNanos;
  private long timeoutNanosMax;
  private int late;

  /**
   * How many sessions had ended with their connections when nobody was at risk for the last time.
   */
  private long disconnectedBefore;

  /**
   * Passes over the nodes of that table, whose verdicts are counted there by how late they come.
   */
  SweepPass(NodeTable table, MassLossSettings massLoss, DurationHistogram detectionDelay) {
    this.table = table;
    this.detectionDelay = detectionDelay;
    this.guard = new MassLossGuard(massLoss);
  }

  /** Begins a pass. */
  void open(long passNanos) {
    silent.clear();
    atRisk.clear();
    overdue.clear();
    nowNanos = passNanos;
    timeoutNanosMax = 0;
    late = 0;
  }

  /**
   * Looks at one connection; who was heard in time is done with.
   *
   * @return when to look again, in liveness time: at the next pass for all but the calm
   */
  long look(Link link) {
    long quietNanos = link.checkDeadlines(nowNanos);
    Node node = link.node();
    if (node == null || !node.live()) {
      return nowNanos;
    }
    long heardNanos = link.lastSeenNanos();
    long silenceNanos = nowNanos - heardNanos;
    long intervalNanos = node.tempo().judgedIntervalMs() * NANOS_PER_MS;
    long timeoutNanos = node.tempo().judgedTimeoutMs() * NANOS_PER_MS;
    switch (Liveness.judge(silenceNanos, intervalNanos, timeoutNanos)) {
      case ONLINE -> {
        table.transitions().revive(node);
        long leftNanos = Liveness.lateNanos(intervalNanos) - silenceNanos;
        return nowNanos
            + Math.max(0, Math.min(leftNanos, Math.min(quietNanos / 2, LOOK_NANOS_MAX)));
      }
      case LATE -> {
        table.transitions().revive(node);
        count(overdue, node);
        late++;
      }
      case SUSPECT, OFFLINE -> {
        count(overdue, node);
        doubt(node, link, heardNanos, Liveness.atRisk(silenceNanos, intervalNanos, timeoutNanos));
        timeoutNanosMax = Math.max(timeoutNanosMax, timeoutNanos);
      }
    }
    return nowNanos;
  }

  private void doubt(Node node, Link link, long heardNanos, boolean isAtRisk) {
    NodeState before = node.status().state();
    if (before == NodeState.ONLINE && link.hasUnreadBytes()) {
      // It did speak; we have not listened yet.
      table.counts().postponed.increment();
      return;
    }
    silent.add(new Silent(link, node, heardNanos, before, isAtRisk));
    if (isAtRisk) {
      count(atRisk, node);
    }
  }

  private static void count(Map<String, Integer> counts, Node node) {
    counts.merge(label(node), 1, Integer::sum);
  }

  private static String label(Node node) {
    @Nullable String group = node.group();
    return group == null ? NO_GROUP : group;
  }

  /** Judges all that was seen. */
  void close() {
    table.counts().lateNodes(late);
    if (atRisk.isEmpty()) {
      disconnectedBefore = table.counts().disconnected.sum();
    }
    guard
        .pass(
            nowNanos,
            new MassLossGuard.Finding(table.counts().live(), atRisk, timeoutNanosMax),
            table::live)
        .forEach(this::tell);
    silent.forEach(one -> apart(one, this::judge));
    silent.removeIf(one -> !mayFallDue(one));
    if (silent.size() > CLOSER_LOOKS_MAX) {
      silent.clear();
    }
  }

  /**
   * Gives the verdicts that fell due since the last pass. Only those are looked at whom the guard
   * has counted, so it holds back as many as it would have.
   */
  void lookCloser(long lookNanos) {
    nowNanos = lookNanos;
    silent.forEach(one -> apart(one, this::convictSuspect));
  }

  private boolean mayFallDue(Silent one) {
    // Nobody is gone who was not doubted a pass before.
    return one.atRisk()
        && one.before() == NodeState.SUSPECT
        && one.node().status().state() == NodeState.SUSPECT
        && !guard.holds(label(one.node()));
  }

  private void convictSuspect(Silent one) {
    if (one.node().status().state() == NodeState.SUSPECT) {
      convict(one, false);
    }
  }

  /** A fault about one connection keeps no other from being judged. */
  private static void apart(Silent one, Consumer<Silent> judgement) {
    try {
      judgement.accept(one);
    } catch (Throwable surprise) {
      LOG.warn("{} cannot be judged; the others are", one.link().address(), surprise);
    }
  }

  private void judge(Silent one) {
    boolean held = one.atRisk() && guard.holds(label(one.node()));
    NodeState state = one.node().status().state();
    if (held && state != NodeState.HELD) {
      if (move(one, NodeState.HELD) && state == NodeState.ONLINE) {
        one.link().probe();
      }
    } else if (state == NodeState.ONLINE) {
      // Nobody is gone who was not doubted a pass before.
      if (move(one, NodeState.SUSPECT)) {
        one.link().probe();
      }
    } else {
      convict(one, held);
    }
  }

  private boolean move(Silent one, NodeState to) {
    return table.transitions().doubt(one.node(), to, one.link(), one.heardNanos());
  }

  private void convict(Silent one, boolean held) {
    Node node = one.node();
    long timeoutNanos = node.tempo().judgedTimeoutMs() * NANOS_PER_MS;
    long silenceNanos = nowNanos - one.heardNanos();
    if (!Liveness.isOver(silenceNanos, timeoutNanos)) {
      return;
    }
    if (one.link().hasUnreadBytes()) {
      table.counts().postponed.increment();
      return;
    }
    if (held && !guard.release(label(node))) {
      return;
    }
    boolean waited = node.status().state() == NodeState.HELD;
    if (table.timeOut(node, one.link(), one.heardNanos())) {
      if (!waited) {
        detectionDelay.record(silenceNanos - timeoutNanos);
      }
      one.link().sessionOver(Cause.TIMEOUT);
    }
  }

  private void tell(MassLossGuard.Noticed noticed) {
    table.counts().massLosses.increment();
    @Nullable String only = noticed.group() != null ? noticed.group() : onlyGroup();
    String detail = breakdown(noticed.group());
    LOG.warn("mass loss, verdicts wait: {}", detail);
    table
        .transitions()
        .tell(new NodeEvent(EventType.MASS_LOSS, null, 0, Cause.TIMEOUT, only, -1, detail));
  }

  private @Nullable String onlyGroup() {
    String first = overdue.size() == 1 ? overdue.keySet().iterator().next() : NO_GROUP;
    return first.isEmpty() ? null : first;
  }

  /** Who is silent, by group, and who was lost for certain meanwhile. */
  private String breakdown(@Nullable String group) {
    Map<String, Integer> counted = new TreeMap<>(overdue);
    if (group != null) {
      counted.keySet().retainAll(List.of(group));
    }
    int sum = counted.values().stream().mapToInt(Integer::intValue).sum();
    StringBuilder text = new StringBuilder();
    text.append("TIMEOUT: ").append(sum).append(" silent of ").append(table.counts().live());
    counted.entrySet().stream()
        .filter(entry -> !entry.getKey().isEmpty())
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(GROUPS_NAMED_MAX)
        .forEach(entry ->
            text.append(", ")
                .append(entry.getKey())
                .append(' ')
                .append(entry.getValue())
                .append(" of ")
                .append(table.live(entry.getKey())));
    long lost = table.counts().disconnected.sum() - disconnectedBefore;
    return text.append("; DISCONNECTED: ").append(lost).append(" meanwhile").toString();
  }
}
