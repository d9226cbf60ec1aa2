package io.heartbus.loadtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

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

  private static InetSocketAddress http(SettingValues values, InetSocketAddress target)
      throws UsageException {
    if (values.is(Setting.HTTP, SettingValues.AUTO)) {
      return new InetSocketAddress(target.getAddress(), HTTP_PORT);
    }
    List<InetSocketAddress> servers = values.addresses(Setting.HTTP);
    if (servers.size() != 1) {
      throw values.complaint(Setting.HTTP, "there is one feed to follow, not " + servers.size());
    }
    return servers.getFirst();
  }
}
