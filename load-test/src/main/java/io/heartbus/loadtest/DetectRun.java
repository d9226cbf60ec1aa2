package io.heartbus.loadtest;

import io.heartbus.loadtest.Injector.Act;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A run of the scenario detect: follows the presence feed, starts the other processes, runs the
 * fleet, and waits for the last word of the feed. One thread.
 */
final class DetectRun {
  /** How long the feed may take for the goodbyes at the end. */
  private static final long LAST_WORD_NANOS = 10_000_000_000L;

  private final Scenario scenario;
  private final Faults faults;
  private final String prefix;
  private final RandomGenerator random;

  /** A run of nodes whose ids begin so. */
  DetectRun(Scenario scenario, Faults faults, String prefix, RandomGenerator random) {
    this.scenario = scenario;
    this.faults = faults;
    this.prefix = prefix;
    this.random = random;
  }

  /**
   * Runs it.
   *
   * @param running is told the fleet, for whoever has to stop it
   * @throws IOException when the server has no feed, or this machine no sockets
   */
  Measured play(Timeline timeline, Consumer<Fleet> running) throws IOException {
    try {
      return watch(timeline, running);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private Measured watch(Timeline timeline, Consumer<Fleet> running)
      throws IOException, InterruptedException {
    FaultPlan plan = FaultPlan.of(scenario, faults, random);
    PresenceBook book = new PresenceBook(prefix, FaultPlan.nodes(scenario, faults));
    try (Feed feed = Feed.open(faults.http(), book);
        Outposts outposts = new Outposts(scenario, faults, plan, prefix, book)) {
      List<Act> acts = new ArrayList<>(outposts.start(random));
      for (long cutNanos : plan.cutsNanos()) {
        acts.add(new Act(cutNanos, feed::cut));
      }
      Measured measured;
      try (Injector injector = new Injector(acts)) {
        DetectScript script = new DetectScript(prefix, plan, book, injector);
        Fleet fleet = new Fleet(scenario, script, random);
        running.accept(fleet);
        measured = fleet.run(timeline);
      }
      if (!measured.interrupted()) {
        book.awaitAll(LAST_WORD_NANOS);
      }
      return measured.with(book.figures(System.nanoTime(), !measured.interrupted()));
    }
  }
}
