package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceAddressesTest {
  @Test
  void aRangeHoldsBothEnds() throws UsageException {
    assertThat(texts("127.0.0.254-127.0.1.1"))
        .containsExactly("127.0.0.254", "127.0.0.255", "127.0.1.0", "127.0.1.1");
  }

  @Test
  void rangesAndSingleAddressesMix() throws UsageException {
    assertThat(texts("10.0.0.7, 127.0.0.1 - 127.0.0.2,::1"))
        .containsExactly("10.0.0.7", "127.0.0.1", "127.0.0.2", "0:0:0:0:0:0:0:1");
  }

  @Test
  void aRangeMayCrossTheMiddleOfTheNumbers() throws UsageException {
    assertThat(texts("127.255.255.255-128.0.0.0")).containsExactly("127.255.255.255", "128.0.0.0");
  }

  @Test
  void aRangeOfOneIsOne() throws UsageException {
    assertThat(texts("127.0.0.9-127.0.0.9")).containsExactly("127.0.0.9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "127.0.0.1,", "localhost", "127.0.0.256", "1.2.3", "::1-::2"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> SourceAddresses.parse(text)).isInstanceOf(UsageException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.2-127.0.0.1, runs backwards",
    "10.0.0.0-10.2.0.0, at most 65536 addresses",
    "127.0.0.1-127.0.0.300, is no IP address",
  })
  void theComplaintSaysWhatIsWrong(String text, String complaint) {
    assertThatThrownBy(() -> SourceAddresses.parse(text)).hasMessageContaining(complaint);
  }

  private static List<String> texts(String list) throws UsageException {
    return SourceAddresses.parse(list).stream().map(InetAddress::getHostAddress).toList();
  }
}
