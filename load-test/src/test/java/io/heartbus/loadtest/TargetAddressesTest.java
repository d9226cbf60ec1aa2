package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetAddressesTest {
  @Test
  void oneHostAndPort() throws UsageException {
    assertThat(texts("127.0.0.1:9501")).containsExactly("127.0.0.1:9501");
  }

  @Test
  void severalHostsAndARange() throws UsageException {
    assertThat(texts("127.0.0.9:1, 127.0.0.1-127.0.0.3:9501"))
        .containsExactly("127.0.0.9:1", "127.0.0.1:9501", "127.0.0.2:9501", "127.0.0.3:9501");
  }

  @Test
  void anIpv6AddressStandsInBrackets() throws UsageException {
    assertThat(texts("[::1]:9501")).containsExactly("0:0:0:0:0:0:0:1:9501");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, is not HOST:PORT",
    ":9501, is not HOST:PORT",
    "127.0.0.1:, has no port",
    "127.0.0.1:0, has no port",
    "127.0.0.1:65536, has no port",
    "127.0.0.1:http, has no port",
    "no-such-host.invalid:9501, cannot find the host 'no-such-host.invalid'",
    "127.0.0.3-127.0.0.1:9501, runs backwards",
  })
  void theComplaintSaysWhatIsWrong(String text, String complaint) {
    assertThatThrownBy(() -> TargetAddresses.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(complaint);
  }

  private static List<String> texts(String list) throws UsageException {
    return TargetAddresses.parse(list).stream()
        .map(target -> target.getAddress().getHostAddress() + ":" + target.getPort())
        .toList();
  }
}
