package io.heartbus.loadtest;

import io.heartbus.loadtest.FaultPlan.Victim;
import io.heartbus.loadtest.Injector.Act;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The processes that hold the nodes whose fault is done to a whole process, or to its network. A
 * fault that this machine does not allow is skipped, with the reason. One thread starts them;
 * another one does what they return.
 */
final class Outposts implements AutoCloseable {
  private static final String CONNECTS_PER_SECOND = "200";

  private final Scenario scenario;
  private final Faults faults;
  private final FaultPlan plan;
  private final String prefix;
  private final PresenceBook book;
  private final List<Outpost> outposts = new ArrayList<>();
  private final List<Namespace> namespaces = new ArrayList<>();

  /** None yet; their nodes have ids that begin so. */
  Outposts(Scenario scenario, Faults faults, FaultPlan plan, String prefix, PresenceBook book) {
    this.scenario = scenario;
    this.faults = faults;
    this.plan = plan;
    this.prefix = prefix;
    this.book = book;
  }

  /** Starts them and waits until their nodes are in. Returns what is to be done to them when. */
  List<Act> start(RandomGenerator random) throws InterruptedException {
    List<Act> acts = new ArrayList<>();
    try {
      acts.addAll(startStopped());
    } catch (IOException e) {
      skip(Fault.STOP, e);
    }
    try {
      acts.addAll(startDropped(random));
    } catch (IOException e) {
      skip(Fault.DROP, e);
    }
    return acts;
  }

  /** Kills them all. */
  @Override
  public void close() {
    outposts.forEach(Outpost::close);
    namespaces.forEach(Namespace::close);
  }

  private List<Act> startStopped() throws IOException, InterruptedException {
    Outpost outpost = start(Fault.STOP, List.of(), settings(scenario.targets().getFirst()));
    outpost.begin();
    List<Victim> victims = victims(Fault.STOP);
    return List.of(new Act(victims.getFirst().afterNanos(), deed(victims, outpost::stop)));
  }

  private List<Act> startDropped(RandomGenerator random) throws IOException, InterruptedException {
    String obstacle = Namespace.obstacle(scenario.targets());
    if (obstacle != null) {
      throw new IOException(obstacle);
    }
    Namespace namespace = Namespace.unused(random);
    int port = scenario.targets().getFirst().getPort();
    Map<Setting, String> settings = settings(new InetSocketAddress(namespace.hostAddress(), port));
    settings.put(Setting.SOURCES, namespace.nodeAddresses(faults.victims()));
    Outpost outpost = start(Fault.DROP, Namespace.WRAPPER, settings);
    namespaces.add(namespace);
    namespace.join(outpost.pid(), faults.victims());
    try {
      outpost.begin();
    } catch (IOException e) {
      throw new IOException(
          "%s at %s:%d, where a network namespace looks for the server: it must listen on 0.0.0.0"
              .formatted(e.getMessage(), namespace.hostAddress(), port),
          e);
    }
    int first = first(Fault.DROP);
    List<Act> acts = new ArrayList<>();
    for (Victim victim : victims(Fault.DROP)) {
      Injector.Deed drop = () -> namespace.drop(victim.index() - first);
      acts.add(new Act(victim.afterNanos(), deed(List.of(victim), drop)));
    }
    return acts;
  }

  private Outpost start(Fault fault, List<String> wrapper, Map<Setting, String> settings)
      throws IOException, InterruptedException {
    Outpost outpost = Outpost.start(wrapper, first(fault), settings, book);
    outposts.add(outpost);
    return outpost;
  }

  private Map<Setting, String> settings(InetSocketAddress target) {
    Map<Setting, String> settings = new EnumMap<>(Setting.class);
    settings.put(Setting.TARGET, target.getAddress().getHostAddress() + ":" + target.getPort());
    settings.put(Setting.NODES, Integer.toString(faults.victims()));
    settings.put(Setting.NODE_PREFIX, prefix);
    settings.put(Setting.CONNECT_RATE, CONNECTS_PER_SECOND);
    settings.put(Setting.INTERVAL, scenario.interval().toMillis() + " ms");
    settings.put(Setting.TIMEOUT, scenario.timeout().toMillis() + " ms");
    settings.put(Setting.DURATION, "30 d");
    return settings;
  }

  private Injector.Deed deed(List<Victim> victims, Injector.Deed fault) {
    return () -> {
      long beginNanos = System.nanoTime();
      try {
        fault.run();
      } catch (IOException e) {
        skip(victims.getFirst().fault(), e);
        return;
      }
      long endNanos = System.nanoTime();
      for (Victim victim : victims) {
        book.killed(victim.index(), victim.fault(), beginNanos, endNanos);
      }
    };
  }

  private void skip(Fault fault, IOException why) {
    book.skipped(fault, String.valueOf(why.getMessage()));
    book.release(first(fault), faults.victims(), System.nanoTime());
  }

  private List<Victim> victims(Fault fault) {
    return plan.victims().stream().filter(victim -> victim.fault() == fault).toList();
  }

  private int first(Fault fault) {
    return FaultPlan.firstOutside(fault, scenario, faults);
  }
}
