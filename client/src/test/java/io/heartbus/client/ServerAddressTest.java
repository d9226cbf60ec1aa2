package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, localhost, 9501, localhost:9501",
    "bus.example.org:1, bus.example.org, 1, bus.example.org:1",
    "10.0.0.7:65535, 10.0.0.7, 65535, 10.0.0.7:65535",
    "[::1]:9000, ::1, 9000, [::1]:9000",
    "[fe80::1], fe80::1, 9501, [fe80::1]:9501"
  })
  void readsWhatPeopleWrite(String text, String host, int port, String canonical) {
    ServerAddress address = ServerAddress.parse(text);
    assertThat(address).isEqualTo(new ServerAddress(host, port));
    assertThat(address).hasToString(canonical);
    assertThat(ServerAddress.parse(canonical)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":9501",
        "a:",
        "a:x",
        "a:0",
        "a:65536",
        "a:-1",
        "::1",
        "::1:9501",
        "[::1",
        "[::1]x",
        "[]:1",
        "a b:1",
        "http://a:1"
      })
  void refusesTheRestInOneLine(String text) {
    assertThatThrownBy(() -> ServerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("server: ")
        .message()
        .doesNotContain("\n");
  }
}
