package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of mistake: the message names place, key, value and what is allowed. */
class ConfigMistakesTest {
  @TempDir private Path folder;

  /** The key stands in line 3 of the file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen.port = 65536 | 65536 | must be a whole number from 0 to 65535",
        "listen.port = -1 | -1 | must be a whole number from 0 to 65535",
        "listen.port = 95.01 | 95.01 | must be a whole number from 0 to 65535",
        "listen.port = nine | nine | must be a whole number from 0 to 65535",
        "listen.port = null | null | must be a whole number from 0 to 65535",
        "listen.port = [1] | […] | must be a whole number from 0 to 65535",
        "listen.port = { a = 1 } | {…} | must be a whole number from 0 to 65535",
        "listen.host = \"\" | '' | must be a name or an address of this machine",
        "listen.host = 5 | 5 | must be a name or an address of this machine",
        "listen.acceptors = 0 | 0 | must be a whole number from 1 to 64",
        "listen.backlog = 1e9 | 1000000000 | must be a whole number from 1 to 1000000",
        "heartbeat.ack-every = 256 | 256 | must be a whole number from 0 to 255",
        "heartbeat.interval = 10 parsecs | 10 parsecs | must be a duration from 1 ms to 24 h",
        "heartbeat.interval = 0 | 0 | must be a duration from 1 ms to 24 h",
        "heartbeat.interval = -5 s | -5 s | must be a duration from 1 ms to 24 h",
        "heartbeat.timeout = 2 d | 2 d | must be a duration from 1 ms to 24 h",
        "heartbeat.timeout = 9999999999 d | 9999999999 d | must be a duration from 1 ms to 24 h",
        "heartbeat.check-interval = 2 m | 2 m | must be a duration from 1 ms to 1 m",
        "limits.max-frame = 4095 | 4095 | must be a size from 4 KiB to 16777215 B",
        "limits.max-frame = 16 MiB | 16 MiB | must be a size from 4 KiB to 16777215 B",
        "limits.max-frame = big | big | must be a size from 4 KiB to 16777215 B",
        "limits.max-connections = 0 | 0 | must be a whole number from 1 to 10000000",
        "limits.buffered-bytes = 0% | 0% | must be a size of at least 1 KiB, or a share of the"
            + " heap from \"1%\" to \"100%\"",
        "limits.buffered-bytes = 101% | 101% | must be a size of at least 1 KiB, or a share of the"
            + " heap from \"1%\" to \"100%\"",
        "limits.buffered-bytes = some | some | must be a size of at least 1 KiB, or a share of the"
            + " heap from \"1%\" to \"100%\"",
        "channel.init-credit = 1023 | 1023 | must be a size from 1 KiB to 512 MiB",
        "channel.routes = echo | echo | must be a list",
        "legacy.enabled = maybe | maybe | must be true or false",
        "listen = 9501 | 9501 | must be an object with acceptors, backlog, host, port",
        "listen.prot = 9501 | 9501 | unknown key; known here: acceptors, backlog, host, port",
        "Listen.port = 9501 | {…} | unknown key; known here: auth, channel, drain, heartbeat, http,"
            + " legacy, limits, listen, presence"
      })
  void aValueThatIsNotAllowedIsNamed(String line, String value, String allowed) throws IOException {
    String key = line.substring(0, line.indexOf(" ="));
    if (value.equals("{…}") && allowed.startsWith("unknown")) {
      key = key.substring(0, key.indexOf('.'));
    }
    assertThat(mistake("heartbus.server {\n  # A comment.\n  " + line + "\n}\n"))
        .isEqualTo("%s:3: heartbus.server.%s = %s: %s".formatted(file(), key, value, allowed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heartbeat.timeout = 29 s | heartbeat.timeout = 29 s | heartbeat.interval = 10 s (the"
            + " default) | timeout must be at least 3 x interval",
        "heartbeat.interval = 11 s | heartbeat.timeout = 30 s (the default) | heartbeat.interval ="
            + " 11 s | timeout must be at least 3 x interval",
        "heartbeat.interval = 500 ms | heartbeat.interval = 500 ms | heartbeat.min-interval = 1 s"
            + " (the default) | interval must be at least min-interval",
        "heartbeat.max-interval = 5 s | heartbeat.interval = 10 s (the default) |"
            + " heartbeat.max-interval = 5 s | interval must be at most max-interval",
        "heartbeat.min-timeout = 40 s | heartbeat.timeout = 30 s (the default) |"
            + " heartbeat.min-timeout = 40 s | timeout must be at least min-timeout",
        "heartbeat.max-interval = 30 m | heartbeat.max-timeout = 1 h (the default) |"
            + " heartbeat.max-interval = 30 m | max-timeout must be at least 3 x max-interval",
        "channel.init-credit = 1 MiB | channel.init-credit = 1 MiB | limits.connection-budget ="
            + " 256 KiB (the default) | init-credit must be at most connection-budget",
        "limits.connection-budget = 2k | channel.init-credit = 4 KiB (the default) |"
            + " limits.connection-budget = 2k | init-credit must be at most connection-budget",
        "presence.log.segment = 1 GiB, presence.log.retain-bytes = 1 MiB |"
            + " presence.log.retain-bytes = 1 MiB | presence.log.segment = 1 GiB |"
            + " retain-bytes must be at least segment, of which one stays in any case",
        "http.port = 9501 | http.port = 9501 | listen.port = 9501 (the default) | each needs a port"
            + " of its own"
      })
  void whatContradictsItselfIsNamedWhereItWasSet(
      String line, String left, String right, String rule) throws IOException {
    assertThat(mistake("heartbus.server {\n\n  " + line + "\n}\n"))
        .isEqualTo(
            "%s:3: heartbus.server.%s contradicts heartbus.server.%s: %s"
                .formatted(file(), left, right, rule));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ handler = echo } | : %s:3: heartbus.server.channel.routes[1].match: missing",
        "{ match = a } | : %s:3: heartbus.server.channel.routes[1].handler: missing",
        "5 | : %s:3: heartbus.server.channel.routes[1] = 5: must be an object",
        "{ match = \"\", handler = echo } | .match = : must be a text: a channel name, in which *"
            + " is any characters",
        "{ match = \"a\\nb\", handler = echo } | .match = a b: must be 1 to 255 bytes without"
            + " control characters",
        "{ match = a, handler = shout } | .handler = shout: must be discard, echo, group, hold,"
            + " node, presence, topic, or the full name of a class",
        "{ match = a, handler = com.example.class } | .handler = com.example.class: must be"
            + " discard, echo, group, hold, node, presence, topic, or the full name of a class",
        "{ match = a, handler = echo, queue-size = 0 } | .queue-size = 0: must be a whole number"
            + " from 1 to 1000000",
        "{ match = a, handler = echo, overflow = explode } | .overflow = explode: must be one of"
            + " block, disconnect, drop-newest, drop-oldest, latest",
        "{ match = a, handler = echo, max-message = 11 MiB } | .max-message = 11 MiB: must be a"
            + " size from 1 B to 10 MiB",
        "{ match = a, handler = echo, colour = red } | .colour = red: unknown key; known here:"
            + " handler, match, max-message, overflow, queue-size"
      })
  void aRouteThatIsNotOneIsNamed(String route, String expected) throws IOException {
    String text =
        "heartbus.server.channel.routes = [\n  { match = ok, handler = echo }\n  " + route + "\n]";
    String message =
        expected.startsWith(":")
            ? expected.substring(2).formatted(file())
            : "%s:3: heartbus.server.channel.routes[1]%s".formatted(file(), expected);
    assertThat(mistake(text)).isEqualTo(message);
  }

  @Test
  void aFolderThatCannotBeOneIsNamed() throws IOException {
    assertThat(mistake("heartbus.server.presence.log.dir = \"a\\u0000b\""))
        .startsWith(file() + ":1: heartbus.server.presence.log.dir = ")
        .endsWith(": must be the path of a folder, or null for none");
  }

  @Test
  void aSecretStaysSecretWhenItIsWrong() throws IOException {
    String token = "secret".repeat(400);
    assertThat(mistake("heartbus.server.auth.token = " + token))
        .isEqualTo(
            file()
                + ":1: heartbus.server.auth.token, 2400 bytes long: must be a text of 1 to 2048"
                + " bytes, or null for none");
    assertThat(mistake("heartbus.server.auth.token = \"\"")).contains("auth.token, 0 bytes long");
    assertThat(mistake("heartbus.server.auth.token = [secret]")).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen.port = 1 | :1: listen: unknown key; known here: heartbus",
        "heartbus.sever.listen.port = 1 | :1: heartbus.sever: unknown key; known here: client,"
            + " load-test, server"
      })
  void aWholeSectionInTheWrongPlaceIsNamed(String text, String expected) throws IOException {
    assertThat(mistake(text)).isEqualTo(file() + expected);
  }

  @Test
  void whatIsNoHoconIsNamedWithItsLine() throws IOException {
    assertThat(mistake("heartbus.server {\n  listen {\n")).startsWith(file() + ":3: ");
    assertThat(mistake("heartbus.server.auth.token = \n  ${NO_SUCH_VARIABLE_HERE}"))
        .startsWith(file() + ":2: ")
        .contains("${NO_SUCH_VARIABLE_HERE}");
    assertThat(mistake("include required(\"nothing\")")).contains("nothing");
    assertThat(mistake("heartbus.server = 5"))
        .isEqualTo(file() + ":1: heartbus.server = 5: must be an object");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    assertThat(mistake(folder.resolve("ghost.conf")))
        .isEqualTo(folder.resolve("ghost.conf") + ": no such file");
    assertThat(mistake(folder)).isEqualTo(folder + ": is a directory, not a file");
  }

  @Test
  void anApplicationIsToldByItsOwnNames() {
    ConfigurationException wrong =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ServerConfig.of(ConfigFactory.parseString("\nheartbus.server.listen.port = x")));
    assertThat(wrong)
        .hasMessage(
            "String: 2: heartbus.server.listen.port = x: must be a whole number from 0 to 65535");
  }

  private String mistake(String text) throws IOException {
    return mistake(Files.writeString(file(), text));
  }

  private static String mistake(Path file) {
    String message =
        catchThrowableOfType(ConfigurationException.class, () -> ServerConfig.load(file))
            .getMessage();
    assertThat(message).doesNotContain("\n", "\r").isNotBlank();
    return message;
  }

  private Path file() {
    return folder.resolve("server.conf");
  }
}
