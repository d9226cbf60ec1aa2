package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of detect and storm. */
class DrillSettingsTest {
  @Test
  void detectLeavesTimeForTheLastVerdictUnlessItsDurationIsGiven() throws UsageException {
    Map<Setting, String> flags = Map.of(Setting.SCENARIO, "detect", Setting.TARGET, "127.0.0.2:99");
    Scenario scenario = load(flags).scenario();

    assertThat(scenario.duration()).isEqualTo(Duration.ofSeconds(90));
    assertThat(scenario.storm()).isNull();
    assertThat(scenario.faults().victims()).isEqualTo(20);
    assertThat(scenario.faults().cuts()).isZero();
    assertThat(scenario.faults().delayMax()).isNull();
    assertThat(scenario.faults().http()).hasToString("/127.0.0.2:9502");
  }

  @Test
  void detectTakesWhatItIsGiven() throws UsageException {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.SCENARIO, "detect");
    flags.put(Setting.VICTIMS, "7");
    flags.put(Setting.FEED_CUTS, "3");
    flags.put(Setting.MAX_DETECTION, "300 ms");
    flags.put(Setting.HTTP, "127.0.0.1:8080");
    Faults faults = load(flags).scenario().faults();

    assertThat(faults.victims()).isEqualTo(7);
    assertThat(faults.cuts()).isEqualTo(3);
    assertThat(faults.delayMax()).isEqualTo(Duration.ofMillis(300));
    assertThat(faults.http().getPort()).isEqualTo(8080);
  }

  @ParameterizedTest
  @CsvSource({"auto, 1000, 0", "0, 1000, 0", "250, 250, 250"})
  void inAStormTheRateIsThatOfTheReturn(String rate, double in, double back) throws UsageException {
    Map<Setting, String> flags =
        Map.of(
            Setting.SCENARIO,
            "storm",
            Setting.CONNECT_RATE,
            rate,
            Setting.UNTOUCHED,
            "10",
            Setting.INTERVAL,
            "2 s");
    Scenario scenario = load(flags).scenario();

    assertThat(scenario.connectsPerSecond()).isEqualTo(in);
    assertThat(scenario.storm()).isEqualTo(new Storm(3, 10, back));
    assertThat(scenario.quietNanos()).isEqualTo(2_000_000_000L);
    assertThat(scenario.holdNanos()).as("the last round ends it").isEqualTo(Long.MAX_VALUE);
    assertThat(scenario.faults()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "heartbeat, VICTIMS, 5, --victims: the scenario heartbeat does not use it; detect does",
    "detect, ROUNDS, 5, --rounds: the scenario detect does not use it; storm does",
    "detect, MAX_P99, 5 s, --max-p99: the scenario detect does not use it; connect",
    "detect, VICTIMS, 0, --victims: '0' is no number from 1 to 1000",
    "detect, VICTIMS, 334, victims: 1002 of the nodes die~ and at least one more has to live",
    "detect, DURATION, 59 s, duration: has to be the timeout and 3 intervals at least",
    "detect, HTTP, nowhere, --http: 'nowhere' is not HOST:PORT",
    "detect, HTTP, 127.0.0.1-127.0.0.2:80, --http: there is one server to ask~ not 2",
    "detect, MAX_DETECTION, soon, --max-detection: 'soon' is no duration",
    "detect, CONNECT_RATE, 0, --connect-rate: '0' is no number",
    "storm, UNTOUCHED, 1000, untouched: at least one of the nodes has to be dropped",
    "storm, ROUNDS, 0, --rounds: '0' is no number from 1 to 1000",
  })
  void drillsThatMakeNoSenseAreRefused(
      String scenario, Setting setting, String value, String complaint) {
    assertThatThrownBy(() -> load(Map.of(Setting.SCENARIO, scenario, setting, value)).scenario())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(complaint.replace("~", ","));
  }

  private static Settings load(Map<Setting, String> flags) throws UsageException {
    return Settings.load(null, flags);
  }
}
