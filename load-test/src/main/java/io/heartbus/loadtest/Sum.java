package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.loadtest.Measured.MessageFlow;
import io.heartbus.loadtest.Measured.Phase;
import io.heartbus.loadtest.series.Histograms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What several load testers measured at the same time, as if they were one: a pure judgement. Of
 * beats, messages and connects together, percentiles are exact; of a single phase or kind of
 * messages they are the highest of any.
 *
 * @param parts what each measured
 * @param offsetSeconds how much later than the first each of them began
 * @param latencies those of all
 */
record Sum(List<Measured> parts, List<Double> offsetSeconds, Histograms latencies) {
  /** The most that two clocks see one moment apart. */
  private static final double SAME_MOMENT_SECONDS = 1;

  Measured measured() {
    return new Measured(
        latest(Measured::seconds),
        parts.stream().anyMatch(Measured::interrupted),
        nodes(),
        connect(),
        heartbeats(),
        messages(),
        new Measured.Channels(
            total(part -> part.channels().opened()),
            total(part -> part.channels().stuck()),
            total(part -> part.channels().lost()),
            counts(part -> part.channels().losses())),
        phases(),
        generator(),
        counts(Measured::notices),
        null,
        storm());
  }

  private Measured.Nodes nodes() {
    return new Measured.Nodes(
        sum(part -> part.nodes().requested()),
        sum(part -> part.nodes().connected()),
        sum(part -> part.nodes().failed()),
        sum(part -> part.nodes().lost()),
        counts(part -> part.nodes().refusals()),
        counts(part -> part.nodes().losses()),
        exodus());
  }

  private Measured.@Nullable Exodus exodus() {
    List<Measured.Exodus> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Measured.Exodus own = parts.get(i).nodes().exodus();
      if (own != null) {
        all.add(new Measured.Exodus(own.atSeconds() + offsetSeconds.get(i), own.ended(), own.of()));
      }
    }
    Measured.Exodus largest = null;
    for (Measured.Exodus one : all) {
      largest = largest == null || one.ended() > largest.ended() ? one : largest;
    }
    if (largest == null) {
      return null;
    }
    double at = largest.atSeconds();
    List<Measured.Exodus> same =
        all.stream().filter(one -> Math.abs(one.atSeconds() - at) <= SAME_MOMENT_SECONDS).toList();
    return new Measured.Exodus(
        same.stream().mapToDouble(Measured.Exodus::atSeconds).min().orElse(at),
        same.stream().mapToInt(Measured.Exodus::ended).sum(),
        same.stream().mapToInt(Measured.Exodus::of).sum());
  }

  private Measured.Connect connect() {
    double seconds = latest(part -> part.connect().seconds());
    return new Measured.Connect(
        seconds,
        seconds > 0 ? sum(part -> part.nodes().connected()) / seconds : 0,
        total(part -> part.connect().busy()),
        LatencyRecorder.latencies(latencies.connects()));
  }

  private Measured.Heartbeats heartbeats() {
    List<Measured.Pace> paces = new ArrayList<>();
    for (Measured part : parts) {
      if (part.heartbeats().pace() != null) {
        paces.add(part.heartbeats().pace());
      }
    }
    return new Measured.Heartbeats(
        total(part -> part.heartbeats().sent()),
        total(part -> part.heartbeats().acked()),
        total(part -> part.heartbeats().late()),
        total(part -> part.heartbeats().missing()),
        total(part -> part.heartbeats().stray()),
        paces.isEmpty()
            ? null
            : new Measured.Pace(
                paces.stream().mapToLong(Measured.Pace::intervalMsMin).min().orElse(0),
                paces.stream().mapToLong(Measured.Pace::intervalMsMax).max().orElse(0),
                paces.stream().anyMatch(Measured.Pace::unanswered)),
        LatencyRecorder.latencies(latencies.heartbeats()));
  }

  private Measured.Messages messages() {
    Map<String, MessageCounts> flows = new LinkedHashMap<>();
    MessageCounts all = MessageCounts.plain(0, 0, 0);
    for (Measured part : parts) {
      all = all.plus(part.messages().counts());
      for (MessageFlow flow : part.messages().flows()) {
        flows.merge(
            flow.name(),
            flow.counts(),
            (one, other) -> one.plus(other).with(one.latencies().worst(other.latencies())));
      }
    }
    return new Measured.Messages(
        parts.stream().mapToDouble(part -> part.messages().seconds()).max().orElse(0),
        all.with(LatencyRecorder.latencies(latencies.messages())),
        flows.entrySet().stream()
            .map(flow -> new MessageFlow(flow.getKey(), flow.getValue()))
            .toList());
  }

  private List<Phase> phases() {
    Map<String, Phase> phases = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      double offset = offsetSeconds.get(i);
      for (Phase own : parts.get(i).phases()) {
        Phase before = phases.get(own.name());
        phases.put(own.name(), before == null ? own.later(offset) : before.plus(own.later(offset)));
      }
    }
    return List.copyOf(phases.values());
  }

  private Measured.Generator generator() {
    Double lagP99Ms = null;
    Double lagMaxMs = null;
    Long rssBytes = null;
    for (Measured part : parts) {
      Measured.Generator own = part.generator();
      lagP99Ms = Latencies.higher(lagP99Ms, own.lagP99Ms());
      lagMaxMs = Latencies.higher(lagMaxMs, own.lagMaxMs());
      if (own.rssBytes() != null) {
        rssBytes = own.rssBytes() + (rssBytes == null ? 0 : rssBytes);
      }
    }
    double cpuSeconds = parts.stream().mapToDouble(part -> part.generator().cpuSeconds()).sum();
    return new Measured.Generator(lagP99Ms, lagMaxMs, rssBytes, cpuSeconds);
  }

  private @Nullable StormFigures storm() {
    int untouched = 0;
    List<StormFigures.Round> rounds = new ArrayList<>();
    for (Measured part : parts) {
      StormFigures own = part.storm();
      if (own != null) {
        untouched += own.untouched();
        rounds.addAll(own.rounds());
      }
    }
    return rounds.isEmpty() ? null : new StormFigures(untouched, List.copyOf(rounds));
  }

  private double latest(ToDoubleFunction<Measured> seconds) {
    double latest = 0;
    for (int i = 0; i < parts.size(); i++) {
      latest = Math.max(latest, offsetSeconds.get(i) + seconds.applyAsDouble(parts.get(i)));
    }
    return latest;
  }

  private int sum(ToIntFunction<Measured> count) {
    return parts.stream().mapToInt(count).sum();
  }

  private long total(ToLongFunction<Measured> count) {
    return parts.stream().mapToLong(count).sum();
  }

  private Map<String, Long> counts(Function<Measured, Map<String, Long>> counts) {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Measured part : parts) {
      counts.apply(part).forEach((reason, count) -> all.merge(reason, count, Long::sum));
    }
    return all;
  }
}
