package io.heartbus.loadtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings that the scenarios detect and storm have for themselves. Stateless. */
final class DrillSettings {
  private static final int HTTP_PORT = 9502;

  private DrillSettings() {}

  /**
   * What is done to nodes in the scenario detect.
   *
   * @throws UsageException when a value is out of range
   */
  static Faults faults(SettingValues values, List<InetSocketAddress> targets)
      throws UsageException {
    return new Faults(
        values.count(Setting.VICTIMS, 1, Faults.VICTIMS_MAX),
        http(values, targets.getFirst()),
        values.count(Setting.FEED_CUTS, 0, Faults.CUTS_MAX),
        values.is(Setting.MAX_DETECTION, SettingValues.NONE)
            ? null
            : values.duration(Setting.MAX_DETECTION, Duration.ZERO));
  }

  /**
   * What is done to nodes in the scenario storm.
   *
   * @param connectsPerSecondMax the highest rate that may be asked for
   * @throws UsageException when a value is out of range
   */
  static Storm storm(SettingValues values, double connectsPerSecondMax) throws UsageException {
    return new Storm(
        values.count(Setting.ROUNDS, 1, Storm.ROUNDS_MAX),
        values.count(Setting.UNTOUCHED, 0, Scenario.NODES_MAX),
        values.is(Setting.CONNECT_RATE, SettingValues.AUTO)
            ? 0
            : values.number(Setting.CONNECT_RATE, 0, connectsPerSecondMax));
  }

  /**
   * Where the server's HTTP is that a report asks for metrics; null for nowhere.
   *
   * @throws UsageException when that is no address
   */
  static @Nullable InetSocketAddress metrics(SettingValues values, Scenario scenario)
      throws UsageException {
    if (!values.is(Setting.METRICS, SettingValues.NONE)) {
      return values.address(Setting.METRICS);
    }
    return scenario.faults() == null ? null : scenario.faults().http();
  }

  private static InetSocketAddress http(SettingValues values, InetSocketAddress target)
      throws UsageException {
    return values.is(Setting.HTTP, SettingValues.AUTO)
        ? new InetSocketAddress(target.getAddress(), HTTP_PORT)
        : values.address(Setting.HTTP);
  }
}
