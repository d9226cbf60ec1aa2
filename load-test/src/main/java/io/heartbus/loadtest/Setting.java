package io.heartbus.loadtest;

/**
 * Everything that can be set, by a flag or by the key of the same name below {@code
 * heartbus.load-test}; {@code reference.conf} holds the defaults.
 */
enum Setting {
  TARGET("target", "HOST:PORT,...", "servers, also 127.0.0.1-127.0.0.8:9501"),
  SCENARIO("scenario", "NAME", "connect, heartbeat or demo"),
  NODES("nodes", "N", "simulated nodes"),
  CONNECT_RATE("connect-rate", "N", "connects per second"),
  CONNECT_TIMEOUT("connect-timeout", "D", "a node that is not in by then has failed"),
  INTERVAL("interval", "D", "heartbeat interval to ask for"),
  TIMEOUT("timeout", "D", "heartbeat timeout to ask for (default: 3 intervals)"),
  DURATION("duration", "D", "how long to hold all nodes"),
  SOURCES("sources", "IP-IP,...", "addresses to connect from"),
  NODE_PREFIX("node-prefix", "TEXT", "node ids begin so (default: other ones at each run)"),
  GIVE_UP("give-up", "true|false", "a node that hears nothing for its timeout closes"),
  MAX_P99("max-p99", "D", "fail when the 99th percentile is over this"),
  JSON("json", "FILE", "write the report here, too");

  /** Where the keys are. */
  static final String ROOT = "heartbus.load-test";

  private final String key;
  private final String label;
  private final String description;

  Setting(String key, String label, String description) {
    this.key = key;
    this.label = label;
    this.description = description;
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

  String description() {
    return description;
  }
}
