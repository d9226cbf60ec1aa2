package io.heartbus.loadtest.series;

/**
 * One curve of a series, by its name in the JSON report: a public contract. Of several seconds, and
 * of several load testers, a column tells one number.
 */
public enum Column {
  NODES("nodes", Rule.MAX, Rule.SUM),
  CONNECTS("connectsPerSecond", Rule.MEAN, Rule.SUM),
  BEATS("beatsPerSecond", Rule.MEAN, Rule.SUM),
  BEAT_ANSWERS("beatAnswersPerSecond", Rule.MEAN, Rule.SUM),
  MESSAGES_SENT("messagesSentPerSecond", Rule.MEAN, Rule.SUM),
  MESSAGES_RECEIVED("messagesReceivedPerSecond", Rule.MEAN, Rule.SUM),
  ERRORS("errorsPerSecond", Rule.MEAN, Rule.SUM),
  BEAT_P50("beatP50Ms", Rule.MAX, Rule.MAX),
  BEAT_P99("beatP99Ms", Rule.MAX, Rule.MAX),
  BEAT_MAX("beatMaxMs", Rule.MAX, Rule.MAX),
  MESSAGE_P50("messageP50Ms", Rule.MAX, Rule.MAX),
  MESSAGE_P99("messageP99Ms", Rule.MAX, Rule.MAX),
  MESSAGE_MAX("messageMaxMs", Rule.MAX, Rule.MAX),
  /** How late the load tester itself was at worst. */
  LAG_MAX("lagMaxMs", Rule.MAX, Rule.MAX),
  /** What the load tester's process used. */
  CPU("cpuCores", Rule.MEAN, Rule.SUM),
  /** What the load tester's one thread used that drives all nodes. */
  FLEET_CPU("fleetCpuCores", Rule.MEAN, Rule.MAX),
  DESCRIPTORS("descriptors", Rule.MAX, Rule.SUM),
  SERVER_NODES("serverNodes", Rule.MAX, Rule.MAX),
  SERVER_CPU("serverCpuCores", Rule.MEAN, Rule.MAX),
  SERVER_RSS("serverRssBytes", Rule.MAX, Rule.MAX),
  SERVER_HEAP("serverHeapBytes", Rule.MAX, Rule.MAX),
  SERVER_GC("serverGcSecondsPerSecond", Rule.MEAN, Rule.MAX),
  SERVER_QUEUE("serverQueue", Rule.MAX, Rule.MAX);

  /** How several numbers become one. */
  enum Rule {
    SUM,
    MEAN,
    MAX
  }

  private final String key;
  private final Rule inTime;
  private final Rule together;

  Column(String key, Rule inTime, Rule together) {
    this.key = key;
    this.inTime = inTime;
    this.together = together;
  }

  /** Its name in the JSON report. */
  public String key() {
    return key;
  }

  /** What becomes of it when several seconds are told as one. */
  Rule inTime() {
    return inTime;
  }

  /** What becomes of it when several load testers are told as one. */
  Rule together() {
    return together;
  }
}
