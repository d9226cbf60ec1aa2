package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that can be set, by a flag or by the key of the same name below {@code
 * heartbus.load-test}; {@code reference.conf} holds the defaults.
 */
enum Setting {
  TARGET("target", "HOST:PORT,...", "servers, also 127.0.0.1-127.0.0.8:9501"),
  SCENARIO("scenario", "NAME", Kind.names()),
  NODES("nodes", "N", "simulated nodes"),
  CONNECT_RATE(
      "connect-rate", "N", "connects per second (storm: of those that come back, 0 = all at once)"),
  CONNECT_TIMEOUT("connect-timeout", "D", "a node that is not in by then has failed"),
  INTERVAL("interval", "D", "heartbeat interval to ask for"),
  TIMEOUT("timeout", "D", "heartbeat timeout to ask for (default: 3 intervals)"),
  DURATION("duration", "D", "how long to hold all nodes"),
  COOL_DOWN(
      "cool-down", "D", "over how long the goodbyes are spread (default: a tenth of the ramp)"),
  MESSAGE_SIZE("message-size", "B", "bytes of a message", Uses.STUCK),
  MESSAGE_RATE(
      "message-rate",
      "N",
      "messages per second of all nodes together (echo: auto = as fast as they come back)",
      Uses.MESSAGES),
  CHANNELS("channels", "N", "echo channels of each node", Uses.ECHO),
  WINDOW("window", "N", "messages under way on each channel", EnumSet.of(Kind.ECHO)),
  PUBLISH_RATE("publish-rate", "N", "what is published per second", EnumSet.of(Kind.MIXED)),
  PUBLISHERS("publishers", "N", "nodes that publish", Uses.FANOUT),
  MEMBERS("members", "N", "nodes that get what is published (default: all others)", Uses.FANOUT),
  TOPICS("topics", "N", "over which publishers and members are spread", Uses.FANOUT),
  SLOW_MEMBERS("slow-members", "N", "members that read slowly", Uses.FANOUT),
  SLOW_RATE("slow-rate", "N", "messages per second that each of these takes", Uses.FANOUT),
  STUCK_CHANNELS("stuck-channels", "N", "channels of each node that nobody reads from", Uses.STUCK),
  STUCK_ROUTE("stuck-route", "NAME", "what those are called", Uses.STUCK),
  DRAIN("drain", "D", "how long to wait for the last messages", Uses.MESSAGES),
  HTTP("http", "HOST:PORT", "the server's HTTP, for its presence feed", Uses.DETECT),
  VICTIMS("victims", "N", "nodes that die of each fault", Uses.DETECT),
  FEED_CUTS("feed-cuts", "N", "how often the feed is cut and resumed", Uses.DETECT),
  MAX_DETECTION(
      "max-detection",
      "D",
      "fail when a verdict takes longer: from the deadline of a node that fell silent, else from"
          + " its end",
      Uses.DETECT),
  ROUNDS("rounds", "N", "how often the nodes are cut off", Uses.STORM),
  UNTOUCHED("untouched", "N", "nodes that are never cut off", Uses.STORM),
  SOURCES("sources", "IP-IP,...", "addresses to connect from"),
  NODE_PREFIX("node-prefix", "TEXT", "node ids begin so (default: other ones at each run)"),
  GIVE_UP("give-up", "true|false", "a node that hears nothing for its timeout closes"),
  MAX_P99(
      "max-p99",
      "D",
      "fail when the 99th percentile is over this: of the connects, the heartbeats, in echo and"
          + " fanout of the messages, in mixed of heartbeats and of messages, in storm of the ways"
          + " back",
      Uses.LATENCIES),
  METRICS("metrics", "HOST:PORT", "the server's HTTP, whose /metrics go into the report"),
  JSON("json", "FILE", "write the report here, too"),
  HTML("html", "FILE", "write the report as a page with charts here"),
  HLOG("hlog", "FILE", "write all latencies here, as an interval log of HdrHistogram");

  /** Scenarios that share settings. */
  private static final class Uses {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
    private static final Set<Kind> MESSAGES = EnumSet.of(Kind.ECHO, Kind.FANOUT, Kind.MIXED);
    private static final Set<Kind> ECHO = EnumSet.of(Kind.ECHO, Kind.MIXED);
    private static final Set<Kind> FANOUT = EnumSet.of(Kind.FANOUT, Kind.MIXED);
    private static final Set<Kind> STUCK =
        EnumSet.of(Kind.HEARTBEAT, Kind.ECHO, Kind.FANOUT, Kind.MIXED);
    private static final Set<Kind> DETECT = EnumSet.of(Kind.DETECT);
    private static final Set<Kind> STORM = EnumSet.of(Kind.STORM);
    private static final Set<Kind> LATENCIES = EnumSet.complementOf(EnumSet.of(Kind.DETECT));
  }

  /** Where the keys are. */
  static final String ROOT = "heartbus.load-test";

  private final String key;
  private final String label;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // Nothing changes it, and nobody else has it.
  private final Set<Kind> usedBy;

  Setting(String key, String label, String description) {
    this(key, label, description, Uses.ALL);
  }

  Setting(String key, String label, String description, Set<Kind> usedBy) {
    this.key = key;
    this.label = label;
    this.description = description;
    this.usedBy = usedBy;
  }

  /** Its key below {@link #ROOT}. */
  String key() {
    return key;
  }

  String path() {
    return ROOT + "." + key;
  }

  String flag() {
    return "--" + key;
  }

  /** What stands for its value in the usage text. */
  String label() {
    return label;
  }

  /** What it is, and for which scenarios if not for all. */
  String description() {
    return usedBy.size() == Kind.values().length
        ? description
        : String.join(", ", scenarios()) + ": " + description;
  }

  /** Whether it says where a report goes, and nothing about the run. */
  boolean destination() {
    return this == JSON || this == HTML || this == HLOG;
  }

  boolean usedBy(Kind kind) {
    return usedBy.contains(kind);
  }

  /** The names of the scenarios that use it. */
  List<String> scenarios() {
    return Arrays.stream(Kind.values()).filter(usedBy::contains).map(Kind::text).toList();
  }
}
