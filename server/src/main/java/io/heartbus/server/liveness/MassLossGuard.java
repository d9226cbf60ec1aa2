package io.heartbus.server.liveness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Doubts that so many nodes die at once. When more of them would time out within one interval than
 * chance explains, all of them or those of one group, their verdicts wait, and are then given at an
 * even pace. Certain losses, such as a closed connection, are not its concern. The shares are those
 * of Kubernetes' zones (55 %) and of Eureka's self-preservation, with an end that neither has.
 *
 * <p>Pure; one pass of the sweep after the other, on one thread.
 */
public final class MassLossGuard {
  /**
   * What a pass found.
   *
   * @param nodes how many nodes are live
   * @param atRisk those that time out within their interval unless they are heard, by group; the
   *     empty text for those of no group
   * @param timeoutNanos the longest timeout among them
   */
  public record Finding(long nodes, Map<String, Integer> atRisk, long timeoutNanos) {}

  /** How many live nodes a group has. */
  @FunctionalInterface
  public interface GroupSizes {
    /** The live nodes of that group. */
    long of(String group);
  }

  /** One loss, from the moment it was noticed until all its nodes are back or offline. */
  private static final class Incident {
    final long sinceNanos;
    final long timeoutNanos;
    long released;
    long mayRelease;
    boolean lastPass;

    Incident(long sinceNanos, long timeoutNanos) {
      this.sinceNanos = sinceNanos;
      this.timeoutNanos = timeoutNanos;
    }
  }

  private final MassLossSettings settings;
  private final Map<String, Incident> ofGroups = new HashMap<>();
  private @Nullable Incident ofAll;

  /** A guard that has noticed nothing. */
  public MassLossGuard(MassLossSettings settings) {
    this.settings = settings;
  }

  /** A loss that this pass noticed: of one group, or of all nodes when that is null. */
  public record Noticed(@Nullable String group) {}

  /**
   * Judges one pass.
   *
   * @return what is new
   */
  public List<Noticed> pass(long nowNanos, Finding finding, GroupSizes sizes) {
    endThoseThatAreOver(finding);
    List<Noticed> noticed = new ArrayList<>();
    if (ofAll == null) {
      noticeGroups(nowNanos, finding, sizes, noticed);
      if (outsideOfGroups(finding) > limit(finding.nodes())) {
        ofAll = new Incident(nowNanos, finding.timeoutNanos());
        noticed.add(new Noticed(null));
      }
    }
    ofGroups.forEach(
        (group, incident) -> allow(incident, nowNanos, finding.atRisk().getOrDefault(group, 0)));
    if (ofAll != null) {
      allow(ofAll, nowNanos, outsideOfGroups(finding));
    }
    return noticed;
  }

  /** Whether the verdicts about nodes of that group wait. */
  public boolean holds(String group) {
    return ofAll != null || ofGroups.containsKey(group);
  }

  /** Whether anything is held at all. */
  public boolean holdsAny() {
    return ofAll != null || !ofGroups.isEmpty();
  }

  /** Whether one more verdict about a node of that group may be given in this pass; counts it. */
  public boolean release(String group) {
    Incident incident = ofGroups.getOrDefault(group, ofAll);
    if (incident == null) {
      return true;
    }
    if (incident.mayRelease <= 0) {
      return false;
    }
    incident.mayRelease--;
    incident.released++;
    return true;
  }

  private void endThoseThatAreOver(Finding finding) {
    ofGroups
        .entrySet()
        .removeIf(entry ->
            entry.getValue().lastPass || finding.atRisk().getOrDefault(entry.getKey(), 0) == 0);
    if (ofAll != null && (ofAll.lastPass || outsideOfGroups(finding) == 0)) {
      ofAll = null;
    }
  }

  private void noticeGroups(
      long nowNanos, Finding finding, GroupSizes sizes, List<Noticed> noticed) {
    finding
        .atRisk()
        .forEach((group, atRisk) -> {
          long nodes = group.isEmpty() ? 0 : sizes.of(group);
          if (nodes >= settings.groupNodesMin()
              && atRisk > settings.groupShare() * nodes
              && !ofGroups.containsKey(group)) {
            ofGroups.put(group, new Incident(nowNanos, finding.timeoutNanos()));
            noticed.add(new Noticed(group));
          }
        });
  }

  /** At risk, without those of groups that are held for themselves. */
  private int outsideOfGroups(Finding finding) {
    int sum = 0;
    for (Map.Entry<String, Integer> entry : finding.atRisk().entrySet()) {
      sum += ofGroups.containsKey(entry.getKey()) ? 0 : entry.getValue();
    }
    return sum;
  }

  private double limit(long nodes) {
    return Math.max(settings.share() * nodes, settings.nodesMin());
  }

  /** So many verdicts that they are spread evenly over the time of the release. */
  private void allow(Incident incident, long nowNanos, int atRisk) {
    double elapsed = (double) (nowNanos - incident.sinceNanos) / incident.timeoutNanos;
    if (elapsed >= settings.releaseTimeouts()) {
      incident.lastPass = true;
      incident.mayRelease = Long.MAX_VALUE;
      return;
    }
    double span = settings.releaseTimeouts() - settings.holdTimeouts();
    double share = Math.max(0, elapsed - settings.holdTimeouts()) / span;
    long due = (long) Math.ceil((atRisk + incident.released) * share);
    incident.mayRelease = Math.max(0, due - incident.released);
  }
}
