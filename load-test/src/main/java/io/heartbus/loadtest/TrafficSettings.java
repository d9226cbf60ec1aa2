package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.Traffic.Echo;
import io.heartbus.loadtest.Traffic.Fanout;
import io.heartbus.loadtest.Traffic.Stuck;

/** The settings that messages have, put together for one kind of scenario. Stateless. */
final class TrafficSettings {
  private static final int CHANNELS_MAX = 1024;
  private static final int WINDOW_MAX = 1_000_000;
  private static final double RATE_MIN = 0.001;
  private static final double RATE_MAX = 1e8;
  private static final double FANOUT_RATE = 50;
  private static final double MIXED_ECHO_RATE = 1_000;

  private TrafficSettings() {}

  /**
   * The messages of a scenario; none for a kind that has none.
   *
   * @throws UsageException when a value is out of range, or two contradict each other
   */
  static Traffic read(SettingValues values, Kind kind, int nodes) throws UsageException {
    if (!kind.messages() && kind != Kind.HEARTBEAT) {
      return Traffic.NONE;
    }
    return new Traffic(
        values.bytes(Setting.MESSAGE_SIZE, Stamp.BYTES, Traffic.MESSAGE_BYTES_MAX),
        kind == Kind.ECHO || kind == Kind.MIXED ? echo(values, kind) : Echo.NONE,
        kind == Kind.FANOUT || kind == Kind.MIXED ? fanout(values, kind, nodes) : Fanout.NONE,
        new Stuck(
            values.count(Setting.STUCK_CHANNELS, 0, CHANNELS_MAX),
            values.text(Setting.STUCK_ROUTE)),
        values.duration(Setting.DRAIN, SettingValues.ONE_MILLISECOND));
  }

  private static Echo echo(SettingValues values, Kind kind) throws UsageException {
    boolean closed = kind == Kind.ECHO && isAutoOrZero(values);
    if (!closed && values.byFlag(Setting.WINDOW)) {
      throw values.complaint(
          Setting.WINDOW, "messages that are sent at a rate have none; see message-rate");
    }
    return new Echo(
        values.count(Setting.CHANNELS, 1, CHANNELS_MAX),
        values.count(Setting.WINDOW, 1, WINDOW_MAX),
        closed ? 0 : rate(values, Setting.MESSAGE_RATE, MIXED_ECHO_RATE));
  }

  private static Fanout fanout(SettingValues values, Kind kind, int nodes) throws UsageException {
    int publishers = values.count(Setting.PUBLISHERS, 1, Scenario.NODES_MAX);
    Setting rate = kind == Kind.MIXED ? Setting.PUBLISH_RATE : Setting.MESSAGE_RATE;
    return new Fanout(
        publishers,
        values.is(Setting.MEMBERS, SettingValues.AUTO)
            ? Math.max(0, nodes - publishers)
            : values.count(Setting.MEMBERS, 1, Scenario.NODES_MAX),
        values.count(Setting.SLOW_MEMBERS, 0, Scenario.NODES_MAX),
        values.number(Setting.SLOW_RATE, RATE_MIN, RATE_MAX),
        values.count(Setting.TOPICS, 1, Scenario.NODES_MAX),
        rate(values, rate, FANOUT_RATE));
  }

  private static boolean isAutoOrZero(SettingValues values) throws UsageException {
    return values.is(Setting.MESSAGE_RATE, SettingValues.AUTO)
        || values.number(Setting.MESSAGE_RATE, 0, RATE_MAX) == 0;
  }

  private static double rate(SettingValues values, Setting setting, double automatic)
      throws UsageException {
    return values.is(setting, SettingValues.AUTO)
        ? automatic
        : values.number(setting, RATE_MIN, RATE_MAX);
  }
}
