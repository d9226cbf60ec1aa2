package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private final Guard guard = new Guard("bus.example.org");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:9502",
        "10.20.30.40:80",
        "255.255.255.255",
        "localhost",
        "LocalHost:9502",
        "[::1]",
        "[::1]:9502",
        "[fe80::1%eth0]:9502",
        "bus.example.org",
        "BUS.example.org:9502"
      })
  void anAddressOrAnOwnNameMayPass(String host) {
    assertThatCode(() -> guard.check(List.of(host), List.of())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9502",
        "localhost.evil.example",
        "localhost.",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io",
        "1.2.3",
        "256.1.1.1",
        "127.0.0.1:9502:9502",
        "127.0.0.1:x",
        "127.0.0.1 ",
        "user@127.0.0.1",
        "[::1",
        "[evil.example]",
        ""
      })
  void anyOtherHostIsRefused(String host) {
    assertThat(refusal(List.of(host), List.of()).status()).isEqualTo(403);
  }

  @Test
  void aRequestWithoutHostComesFromNoBrowser() {
    assertThatCode(() -> guard.check(List.of(), List.of())).doesNotThrowAnyException();
    assertThat(refusal(List.of(), List.of("http://127.0.0.1")).status()).isEqualTo(403);
  }

  @Test
  void twoHostsAreRefused() {
    assertThat(refusal(List.of("127.0.0.1", "127.0.0.1"), List.of()).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9502, http://127.0.0.1:9502",
    "localhost:9502, http://localhost:9502",
    "LOCALHOST:9502, http://localhost:9502",
    "bus.example.org, https://bus.example.org",
    "[::1]:9502, http://[::1]:9502"
  })
  void aPageOfThisServerMayPass(String host, String origin) {
    assertThatCode(() -> guard.check(List.of(host), List.of(origin))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9502, http://evil.example",
    "127.0.0.1:9502, http://127.0.0.1:9503",
    "127.0.0.1:9502, http://127.0.0.1",
    "127.0.0.1:9502, http://localhost:9502",
    "127.0.0.1:9502, http://127.0.0.1:9502.evil.example",
    "127.0.0.1:9502, http://127.0.0.1:9502@evil.example",
    "127.0.0.1:9502, 'http://127.0.0.1:9502, http://evil.example'",
    "127.0.0.1:9502, null",
    "127.0.0.1:9502, file://",
    "127.0.0.1:9502, ''"
  })
  void aPageOfAnotherSiteIsRefused(String host, String origin) {
    assertThat(refusal(List.of(host), List.of(origin)).status()).isEqualTo(403);
  }

  private Refusal refusal(List<String> hosts, List<String> origins) {
    return catchThrowableOfType(Refusal.class, () -> guard.check(hosts, origins));
  }
}
