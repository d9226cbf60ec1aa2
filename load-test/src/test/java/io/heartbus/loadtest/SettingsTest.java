package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.heartbus.loadtest.Scenario.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @TempDir private Path folder;

  @Test
  void everySettingHasADefaultAndEveryDefaultASetting() {
    var defaults = ConfigFactory.parseResources(getClass().getClassLoader(), "reference.conf");

    assertThat(defaults.getObject(Setting.ROOT).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Setting.values()).map(Setting::key).toList());
  }

  @Test
  void theDefaultsAreASoundScenario() throws UsageException {
    Scenario scenario = load(Map.of()).scenario();

    assertThat(scenario.kind()).isEqualTo(Kind.HEARTBEAT);
    assertThat(scenario.nodes()).isEqualTo(1_000);
    assertThat(scenario.interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(scenario.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(scenario.duration()).isEqualTo(Duration.ofSeconds(60));
    assertThat(scenario.sources()).isEmpty();
    assertThat(scenario.p99Max()).isNull();
    assertThat(scenario.giveUp()).isFalse();
    assertThat(load(Map.of()).destinations()).isEqualTo(new Destinations(null, null, null));
  }

  @Test
  void whatIsAutomaticDependsOnTheScenario() throws UsageException {
    Scenario connect = load(Map.of(Setting.SCENARIO, "connect")).scenario();
    Scenario demo = load(Map.of(Setting.SCENARIO, "demo")).scenario();

    assertThat(connect.holdNanos()).isZero();
    assertThat(demo.holdNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(demo.giveUp()).isTrue();
    assertThat(demo.interval()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void echoesAreAClosedLoopUnlessTheyHaveARate() throws UsageException {
    Traffic closed = load(Map.of(Setting.SCENARIO, "echo")).scenario().traffic();
    assertThat(closed.echo()).isEqualTo(new Traffic.Echo(1, 1, 0));
    assertThat(closed.fanout()).isEqualTo(Traffic.Fanout.NONE);
    assertThat(closed.messageBytes()).isEqualTo(100);
    assertThat(closed.drain()).isEqualTo(Duration.ofSeconds(10));
    assertThat(load(Map.of(Setting.SCENARIO, "echo", Setting.MESSAGE_RATE, "0")).scenario())
        .isEqualTo(load(Map.of(Setting.SCENARIO, "echo")).scenario());

    Map<Setting, String> flags =
        Map.of(
            Setting.SCENARIO,
            "echo",
            Setting.MESSAGE_RATE,
            "2000",
            Setting.MESSAGE_SIZE,
            "64 KiB",
            Setting.CHANNELS,
            "16");
    Traffic open = load(flags).scenario().traffic();
    assertThat(open.echo()).isEqualTo(new Traffic.Echo(16, 1, 2_000));
    assertThat(open.messageBytes()).isEqualTo(65_536);

    Traffic stuck = load(Map.of(Setting.STUCK_CHANNELS, "15")).scenario().traffic();
    assertThat(stuck.stuck()).isEqualTo(new Traffic.Stuck(15, "hold"));
    assertThat(stuck.any()).isFalse();
  }

  @Test
  void allButThePublishersAreMembersUnlessTheirNumberIsGiven() throws UsageException {
    Map<Setting, String> flags =
        Map.of(
            Setting.SCENARIO,
            "fanout",
            Setting.PUBLISHERS,
            "10",
            Setting.TOPICS,
            "5",
            Setting.SLOW_MEMBERS,
            "7");
    assertThat(load(flags).scenario().traffic().fanout())
        .isEqualTo(new Traffic.Fanout(10, 990, 7, 10, 5, 50));

    flags = Map.of(Setting.SCENARIO, "mixed", Setting.MEMBERS, "20", Setting.PUBLISH_RATE, "5");
    Traffic mixed = load(flags).scenario().traffic();
    assertThat(mixed.fanout()).isEqualTo(new Traffic.Fanout(1, 20, 0, 10, 1, 5));
    assertThat(mixed.echo()).isEqualTo(new Traffic.Echo(1, 1, 1_000));
  }

  @ParameterizedTest
  @CsvSource({
    "heartbeat, WINDOW, 5, --window: the scenario heartbeat does not use it; echo does",
    "connect, MESSAGE_SIZE, 5, --message-size: the scenario connect does not use it; heartbeat",
    "echo, TOPICS, 1, --topics: the scenario echo does not use it; fanout or mixed do",
    "fanout, CHANNELS, 1, --channels: the scenario fanout does not use it; echo or mixed do",
    "echo, PUBLISH_RATE, 1, --publish-rate: the scenario echo does not use it; mixed does",
    "echo, MESSAGE_SIZE, 23, --message-size: '23' is no size from 24 to 10485760 bytes",
    "echo, MESSAGE_SIZE, 11 MiB, --message-size: '11 MiB' is no size",
    "echo, MESSAGE_RATE, -1, --message-rate: '-1' is no number from 0",
    "fanout, MESSAGE_RATE, 0, --message-rate: '0' is no number from 0.001",
    "echo, CHANNELS, 0, --channels: '0' is no number from 1 to 1024",
    "fanout, PUBLISHERS, 1000, members or publishers: 1000 nodes have to be enough for both",
    "fanout, MEMBERS, 1000, members or publishers: 1000 nodes have to be enough for both",
    "fanout, SLOW_MEMBERS, 1000, slow-members: more than there are members",
    "fanout, TOPICS, 2, topics: each needs a publisher and a member at least",
    "echo, DURATION, 0 s, duration: without any or no message is due",
  })
  void messagesThatMakeNoSenseAreRefused(
      String scenario, Setting setting, String value, String complaint) {
    assertThatThrownBy(() -> load(Map.of(Setting.SCENARIO, scenario, setting, value)).scenario())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(complaint.replace(" or ", ", "));
  }

  @Test
  void aWindowAndARateContradictEachOther() {
    assertThatThrownBy(() ->
            load(Map.of(Setting.SCENARIO, "echo", Setting.WINDOW, "5", Setting.MESSAGE_RATE, "10"))
                .scenario())
        .hasMessageContaining("--window: messages that are sent at a rate have none");
  }

  @Test
  void aFileMayServeSeveralScenarios() throws UsageException, IOException {
    Path file = file("heartbus.load-test { scenario = heartbeat, window = 5, topics = 3 }");

    assertThat(Settings.load(file, Map.of()).scenario().traffic().any()).isFalse();
  }

  @Test
  void theTimeoutAskedIsThreeIntervalsUnlessGiven() throws UsageException {
    Map<Setting, String> flags = Map.of(Setting.INTERVAL, "2s");
    assertThat(load(flags).scenario().timeout()).isEqualTo(Duration.ofSeconds(6));

    flags = Map.of(Setting.INTERVAL, "2s", Setting.TIMEOUT, "9 s");
    assertThat(load(flags).scenario().timeout()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void flagsWinOverTheFileAndTheFileOverTheDefaults() throws UsageException, IOException {
    Path file = file("heartbus.load-test { nodes = 7, interval = 3 s, give-up = true }");
    Scenario scenario = Settings.load(file, Map.of(Setting.NODES, "8")).scenario();

    assertThat(scenario.nodes()).isEqualTo(8);
    assertThat(scenario.interval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(scenario.giveUp()).isTrue();
    assertThat(scenario.kind()).isEqualTo(Kind.HEARTBEAT);
  }

  @Test
  void theFileThatIsShippedIsSound() throws UsageException {
    Scenario scenario = Settings.load(Path.of("..", "conf", "load-test.conf"), Map.of()).scenario();

    assertThat(scenario.nodes()).isEqualTo(10_000);
    assertThat(scenario.p99Max()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void nodesHaveAFreshPrefixUnlessItIsSet() throws UsageException {
    assertThat(load(Map.of()).nodePrefix("fresh-")).isEqualTo("fresh-");
    assertThat(load(Map.of(Setting.NODE_PREFIX, "mine-")).nodePrefix("fresh-")).isEqualTo("mine-");
  }

  @ParameterizedTest
  @CsvSource({
    "SCENARIO, hail, --scenario: there is no 'hail'; one of connect or heartbeat or echo or"
        + " fanout or mixed or detect or storm or demo",
    "NODES, 0, --nodes: '0' is no number from 1 to 2000000",
    "NODES, 1.5, --nodes: '1.5' is no number",
    "NODES, many, --nodes: 'many' is no number",
    "CONNECT_RATE, 0, --connect-rate: '0' is no number",
    "INTERVAL, 10, --interval: '10' is no duration",
    "INTERVAL, 10 parsecs, --interval: '10 parsecs' is no duration",
    "INTERVAL, 0s, --interval: '0s' is no duration",
    "DURATION, 31 d, --duration: '31 d' is no duration up to 30 days",
    "DURATION, 5 s, duration: has to be one interval at least",
    "TIMEOUT, 10 s, timeout: has to be longer than the interval",
    "GIVE_UP, perhaps, --give-up: 'perhaps' is neither true nor false",
    "TARGET, nowhere, --target: 'nowhere' is not HOST:PORT",
    "SOURCES, nowhere, --sources: 'nowhere' is no IP address",
    "MAX_P99, fast, --max-p99: 'fast' is no duration",
  })
  void aBadValueIsRefusedByTheNameOfItsFlag(Setting setting, String value, String complaint) {
    assertThatThrownBy(() -> load(Map.of(setting, value)).scenario())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(complaint.replace(" or ", ", "));
  }

  @Test
  void goodbyesTakeATenthOfTheRampUnlessTheirTimeIsSet() throws UsageException {
    assertThat(load(Map.of(Setting.NODES, "5000")).scenario().coolDown())
        .isEqualTo(Duration.ofMillis(500));
    assertThat(load(Map.of(Setting.COOL_DOWN, "7 s")).scenario().coolDown())
        .isEqualTo(Duration.ofSeconds(7));
    Map<Setting, String> detect = Map.of(Setting.SCENARIO, "detect", Setting.NODES, "5000");
    assertThat(load(detect).scenario().coolDown()).isZero();
  }

  @Test
  void metricsAreAskedWhereTheyAreSetAndWhereTheFeedIs() throws UsageException {
    Settings none = load(Map.of());
    assertThat(none.metrics(none.scenario())).isNull();

    Settings set = load(Map.of(Setting.METRICS, "127.0.0.1:7"));
    assertThat(set.metrics(set.scenario()))
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7));

    Settings feed = load(Map.of(Setting.SCENARIO, "detect", Setting.HTTP, "127.0.0.1:8"));
    assertThat(feed.metrics(feed.scenario()))
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8));

    Settings two = load(Map.of(Setting.METRICS, "127.0.0.1-127.0.0.2:7"));
    assertThatThrownBy(() -> two.metrics(two.scenario()))
        .hasMessageContaining("--metrics: there is one server to ask, not 2");
  }

  @Test
  void theLogOfHistogramsIsNamedAsSeenFromTheReport() {
    Path json = folder.resolve("report.json");

    assertThat(new Destinations(json, null, null).hlogName()).isNull();
    assertThat(new Destinations(json, null, folder.resolve("x.hlog")).hlogName())
        .isEqualTo("x.hlog");
    assertThat(new Destinations(json, null, folder.resolve("logs/x.hlog")).hlogName())
        .isEqualTo("logs/x.hlog");
    assertThat(new Destinations(null, null, folder.resolve("x.hlog")).hlogName())
        .isEqualTo(folder.resolve("x.hlog").toString());
  }

  @Test
  void aReportThatNobodyCanWriteIsRefusedBeforeTheRun() {
    assertThatThrownBy(() -> load(Map.of(Setting.JSON, folder + "/no/such.json")).destinations())
        .hasMessageContaining("--json: cannot write the file");
    assertThatThrownBy(() -> load(Map.of(Setting.JSON, folder.toString())).destinations())
        .hasMessageContaining("--json: cannot write the file");
    for (Setting setting : List.of(Setting.HTML, Setting.HLOG)) {
      assertThatThrownBy(() -> load(Map.of(setting, folder + "/no/such")).destinations())
          .hasMessageContaining(setting.flag() + ": cannot write the file");
    }
  }

  @Test
  void aBadValueInAFileIsRefusedByFileAndLine() throws IOException {
    Path file = file("heartbus.load-test {\n  nodes = none\n}");

    assertThatThrownBy(() -> Settings.load(file, Map.of()).scenario())
        .hasMessageContainingAll("test.conf: 2", "heartbus.load-test.nodes: 'none' is no number");
  }

  @Test
  void anUnknownKeyIsRefusedByFileAndLine() throws IOException {
    Path file = file("heartbus.load-test {\n  nodez = 1\n}");

    assertThatThrownBy(() -> Settings.load(file, Map.of()))
        .hasMessageContainingAll("test.conf: 2", "there is no key 'nodez'", "nodes");
  }

  @Test
  void aFileThatIsNotThereOrNoHoconIsRefused() throws IOException {
    Path missing = folder.resolve("missing.conf");
    Path broken = file("heartbus.load-test {");
    Path list = file("heartbus.load-test.nodes = [1]");

    for (Path file : List.of(missing, broken, list)) {
      assertThatThrownBy(() -> Settings.load(file, Map.of())).isInstanceOf(UsageException.class);
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("test.conf"), text);
  }

  private static Settings load(Map<Setting, String> flags) throws UsageException {
    return Settings.load(null, flags);
  }
}
