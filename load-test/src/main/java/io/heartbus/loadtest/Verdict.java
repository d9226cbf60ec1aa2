package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Measured.MessageFlow;
import io.heartbus.loadtest.Scenario.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the server did what was asked of it: a pure judgement over what was measured. A run that
 * measured nothing has failed.
 *
 * @param failures one line for each thing that was not as it should be; empty when passed
 */
record Verdict(boolean passed, List<String> failures) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** A ramp that takes so much longer than it should was asked for the impossible. */
  private static final double CONNECT_OVERRUN_SECONDS = 5;

  /** Where a rate of connects is what is measured, less of it is something else. */
  private static final double CONNECT_SHARE_MIN = 0.9;

  /** But so long may any machine stand still, and a cold server take to warm up. */
  private static final double CONNECT_PAUSE_SECONDS = 0.5;

  /** So late may it open connections, when that is what is measured. */
  private static final double CONNECT_LAG_MS_MAX = 500;

  /** And so late may beats and connects leave, when beats are. */
  private static final double BEAT_LAG_MS_MAX = 1_000;

  /** Judges a run. */
  static Verdict judge(Scenario scenario, Measured measured) {
    List<String> failures = new ArrayList<>();
    int missing = scenario.nodes() - measured.nodes().connected();
    if (scenario.kind() == Kind.DEMO) {
      // The demo parts from its nodes on purpose and ends by being stopped; but it has to show
      // some.
      if (measured.nodes().connected() == 0) {
        failures.add("no node connected" + most(measured.nodes().refusals()));
      }
      return of(failures);
    }
    if (missing > 0) {
      failures.add(
          (missing == scenario.nodes()
                  ? "no node"
                  : missing + " of " + scenario.nodes() + " nodes did not")
              + (missing == scenario.nodes() ? " connected" : " connect")
              + most(measured.nodes().refusals()));
    }
    judgeConnects(scenario, measured, failures);
    judgeLag(scenario, measured, failures);
    if (measured.nodes().lost() > 0) {
      failures.add(measured.nodes().lost() + " nodes were lost" + most(measured.nodes().losses()));
    }
    judgeBeats(scenario, measured, failures);
    judgeChannels(scenario, measured, failures);
    for (MessageFlow flow : measured.messages().flows()) {
      judgeMessages(flow, failures);
    }
    if (scenario.kind().messages() && measured.messages().counts().latencies().p99Ms() == null) {
      failures.add("no message was measured");
    }
    judgeDrills(scenario, measured, failures);
    judgeP99(scenario, measured, failures);
    if (measured.interrupted()) {
      failures.add("stopped before its end");
    }
    return of(failures);
  }

  /** An open loop that nobody could keep up with measured something else than what was asked. */
  private static void judgeConnects(Scenario scenario, Measured measured, List<String> failures) {
    Measured.Connect connect = measured.connect();
    double meantSeconds = measured.nodes().connected() / scenario.connectsPerSecond();
    boolean exact =
        scenario.kind() == Kind.CONNECT && scenario.connectsPerSecond() > Settings.CONNECT_RATE;
    double secondsMax =
        exact
            ? meantSeconds / CONNECT_SHARE_MIN + CONNECT_PAUSE_SECONDS
            : Math.max(2 * meantSeconds, meantSeconds + CONNECT_OVERRUN_SECONDS);
    if (connect.seconds() > secondsMax && connect.busy() == 0) {
      failures.add(
          String.format(
              Locale.ROOT,
              "%.0f connects/s were asked for and %.0f/s came about",
              scenario.connectsPerSecond(),
              connect.perSecond()));
    }
  }

  /** Who starts things so late by itself measured what it can do, and not what was asked for. */
  private static void judgeLag(Scenario scenario, Measured measured, List<String> failures) {
    Double lagMs = measured.generator().lagP99Ms();
    double boundMs =
        switch (scenario.kind()) {
          case CONNECT -> CONNECT_LAG_MS_MAX;
          case HEARTBEAT -> BEAT_LAG_MS_MAX;
          // Messages that did not leave are counted; drills cut everybody off at once.
          case ECHO, FANOUT, MIXED, DEMO, DETECT, STORM -> Double.MAX_VALUE;
        };
    if (lagMs != null && lagMs > boundMs) {
      failures.add(
          String.format(
              Locale.ROOT,
              "the load tester itself was late by %.0f ms (p99, at most %.0f): it cannot do so much"
                  + " from here; ask for less, or run several of them and --join their reports",
              lagMs,
              boundMs));
    }
  }

  private static void judgeBeats(Scenario scenario, Measured measured, List<String> failures) {
    Measured.Heartbeats beats = measured.heartbeats();
    if (beats.missing() > 0) {
      failures.add(beats.missing() + " heartbeats were never answered");
    }
    if (beats.stray() > 0) {
      failures.add(beats.stray() + " heartbeat answers belong to no heartbeat");
    }
    boolean measuresBeats = scenario.kind() == Kind.HEARTBEAT && measured.nodes().connected() > 0;
    if (measuresBeats && beats.latencies().p99Ms() == null && beats.missing() == 0) {
      failures.add("no heartbeat was measured");
    }
  }

  private static void judgeChannels(Scenario scenario, Measured measured, List<String> failures) {
    Measured.Channels channels = measured.channels();
    if (channels.lost() > 0) {
      failures.add(channels.lost() + " channels were lost" + most(channels.losses()));
    }
    long wanted = (long) scenario.traffic().stuck().channels() * measured.nodes().connected();
    if (channels.stuck() < wanted) {
      failures.add(
          channels.stuck() + " of " + wanted + " channels were stuck that should have been");
    }
  }

  private static void judgeMessages(MessageFlow flow, List<String> failures) {
    Map<String, Long> faults = new LinkedHashMap<>();
    faults.put("were lost", flow.counts().lost());
    faults.put("came twice", flow.counts().duplicated());
    faults.put("came out of order", flow.counts().reordered());
    faults.put("were corrupted", flow.counts().corrupted());
    faults.put("came although the server said that it dropped them", flow.counts().miscounted());
    faults.put(
        flow.counts().creditStalls() > 0
            ? "were due and never left, for want of credit"
            : "were due and never left: nobody can send at that rate",
        flow.counts().unsent());
    if (!flow.name().equals(MessageBook.SLOW)) {
      faults.put("were dropped", flow.counts().dropped());
    }
    faults.forEach((what, count) -> {
      if (count > 0) {
        failures.add(flow.name() + ": " + count + " messages " + what);
      }
    });
  }

  private static void judgeDrills(Scenario scenario, Measured measured, List<String> failures) {
    if (scenario.faults() != null && measured.detection() != null) {
      DrillVerdict.detection(scenario.faults(), measured.detection(), failures);
    }
    if (scenario.storm() != null && measured.storm() != null) {
      DrillVerdict.storm(scenario, scenario.storm(), measured.storm(), failures);
    }
  }

  private static void judgeP99(Scenario scenario, Measured measured, List<String> failures) {
    Duration bound = scenario.p99Max();
    if (bound == null) {
      return;
    }
    Map<String, Latencies> bounded = new LinkedHashMap<>();
    switch (scenario.kind()) {
      case CONNECT -> bounded.put("connects", measured.connect().latencies());
      case ECHO, FANOUT -> bounded.put("messages", measured.messages().counts().latencies());
      case HEARTBEAT, DEMO -> bounded.put("heartbeats", measured.heartbeats().latencies());
      case MIXED -> {
        bounded.put("heartbeats", measured.heartbeats().latencies());
        bounded.put("messages", measured.messages().counts().latencies());
      }
      // Their bounds are judged with all the rest of them.
      case DETECT, STORM -> {}
    }
    double boundMs = bound.toNanos() / NANOS_PER_MILLI;
    bounded.forEach((what, latencies) -> {
      Double p99 = latencies.p99Ms();
      if (p99 == null) {
        failures.add("nothing was measured that could keep the bound on p99");
      } else if (p99 > boundMs) {
        failures.add(
            String.format(
                Locale.ROOT, "p99 of the %s is %.2f ms, over %.2f ms", what, p99, boundMs));
      }
    });
  }

  /** The reason that was given most often. */
  private static String most(Map<String, Long> reasons) {
    return reasons.keySet().stream().findFirst().map(reason -> ": " + reason).orElse("");
  }

  private static Verdict of(List<String> failures) {
    return new Verdict(failures.isEmpty(), List.copyOf(failures));
  }
}
