package io.heartbus.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "noed",
        "node --nope",
        "node --interval 5",
        "node --interval soon",
        "node --meta novalue",
        "node --server a:b",
        "node --config",
        "node --config missing.conf",
        "send hello",
        "send --to x",
        "publish --topic t",
        "nodes --state gone",
        "nodes --http nonsense:port",
        "top --count many",
        "watch extra"
      })
  void wrongUsageIsOneLineAndTwo(String line) throws Exception {
    Cli cli = Cli.run(line.isEmpty() ? new String[0] : line.split(" ", -1));
    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.errors()).hasSize(1);
    assertThat(cli.errors().getFirst()).startsWith("heartbus: ");
    assertThat(cli.lines()).isEmpty();
  }

  @Test
  void aWrongConfigurationIsNamedWithFileAndLine(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("client.conf");
    Files.writeString(config, "heartbus.client {\n  nodeid = x\n}\n");
    Cli cli = Cli.run("node", "--config", config.toString());
    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.errors()).hasSize(1);
    assertThat(cli.errors().getFirst())
        .contains("client.conf: 2: unknown key heartbus.client.nodeid");
  }

  @Test
  void helpAndVersionAreNoFailures() throws Exception {
    Cli help = Cli.run("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(String.join("\n", help.lines()))
        .contains("node", "send", "publish", "nodes", "top", "watch");
    for (String command : new String[] {"node", "send", "publish", "nodes", "top", "watch"}) {
      Cli one = Cli.run(command, "--help");
      assertThat(one.exitCode()).isZero();
      assertThat(one.lines().getFirst()).startsWith("Usage: heartbus " + command);
    }
    Cli version = Cli.run("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.lines().getFirst()).startsWith("heartbus ");
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "10s, 10000", "2 m, 120000", "1h, 3600000", "0s, 0"})
  void durationsAreReadAsPeopleWriteThem(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"0, 0ms", "999, 999ms", "1000, 1s", "2500, 2.5s", "60000, 60s"})
  void durationsAreWrittenShort(long millis, String text) {
    assertThat(Texts.duration(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"59, 59s", "60, 1m", "3599, 59m", "7500, 2h 5m", "349200, 4d 1h"})
  void agesHaveTwoUnitsAtMost(long seconds, String text) {
    assertThat(Texts.age(seconds)).isEqualTo(text);
  }
}
