package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System properties outrank a file. Environment variables are tried on a real process. */
class ConfigOverridesTest {
  private static final String PORT = "heartbus.server.listen.port";
  private static final String INTERVAL = "heartbus.server.heartbeat.interval";

  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.clearProperty(PORT);
    System.clearProperty(INTERVAL);
  }

  @Test
  void aSystemPropertyOutranksTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.conf"), PORT + " = 1234");
    assertThat(ServerConfig.load(file).listen().port()).isEqualTo(1234);
    System.setProperty(PORT, "0");
    System.setProperty(INTERVAL, "7 s");
    assertThat(ServerConfig.load(file).listen().port()).isZero();
    assertThat(ServerConfig.load(file).heartbeat().intervalMs()).isEqualTo(7_000);
    assertThat(ServerConfig.withoutFile().listen().port()).isZero();
  }

  @Test
  void anEmbeddedServerIsLeftAlone() {
    System.setProperty(PORT, "0");
    assertThat(ServerConfig.defaults().listen().port()).isEqualTo(9501);
  }

  @Test
  void aWrongSystemPropertyIsNamedAsSuch() {
    System.setProperty(PORT, "x");
    assertThatThrownBy(ServerConfig::withoutFile)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "system property: heartbus.server.listen.port = x: must be a whole number from 0 to"
                + " 65535");
  }
}
