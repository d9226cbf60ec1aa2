package io.heartbus.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void asManyDigitsAsMatter() {
    assertThat(Numbers.plain(208_102)).isEqualTo("208,102");
    assertThat(Numbers.plain(1234.4)).isEqualTo("1,234");
    assertThat(Numbers.plain(12.06)).isEqualTo("12.1");
    assertThat(Numbers.plain(8.303)).isEqualTo("8.30");
    assertThat(Numbers.plain(0.4)).isEqualTo("0.40");
    assertThat(Numbers.plain(0.0123)).isEqualTo("0.012");
    assertThat(Numbers.plain(0)).isEqualTo("0");
    assertThat(Numbers.plain(3)).isEqualTo("3");
    assertThat(Numbers.plain(1e-9)).isEqualTo("1.0e-09");
    assertThat(Numbers.plain(1e300)).isEqualTo("1.0e+300");
  }

  @Test
  void whatIsNotKnownIsADash() {
    assertThat(Numbers.plain(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.millis(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.bytes(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.seconds(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.perSecond(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.exact(Double.NaN)).isEmpty();
  }

  @Test
  void unitsGrowWithTheNumber() {
    assertThat(Numbers.millis(9_999)).isEqualTo("9,999 ms");
    assertThat(Numbers.millis(12_340)).isEqualTo("12.3 s");
    assertThat(Numbers.bytes(512)).isEqualTo("512 bytes");
    assertThat(Numbers.bytes(1536)).isEqualTo("1.50 KiB");
    assertThat(Numbers.bytes(129_000_000)).isEqualTo("123 MiB");
    assertThat(Numbers.bytes(25_276_514_304.0)).isEqualTo("23.5 GiB");
    assertThat(Numbers.seconds(8.51)).isEqualTo("8.51 s");
    assertThat(Numbers.seconds(125)).isEqualTo("2 min 5 s");
    assertThat(Numbers.seconds(3_600)).isEqualTo("1 h");
    assertThat(Numbers.seconds(5_400)).isEqualTo("1 h 30 min");
  }

  @Test
  void labelsOfAnAxisAreShort() {
    assertThat(Numbers.brief(0)).isEqualTo("0");
    assertThat(Numbers.brief(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Numbers.brief(5_000)).isEqualTo("5000");
    assertThat(Numbers.brief(20_000)).isEqualTo("20k");
    assertThat(Numbers.brief(2_500_000)).isEqualTo("2.5M");
    assertThat(Numbers.brief(1e300)).isEqualTo("1e+300");
  }
}
