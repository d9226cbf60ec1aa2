package io.heartbus.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdTest {
  @ParameterizedTest
  @CsvSource({
    "61, a",
    "C3A9, é",
    "E282AC, €",
    "F09F9880, 😀",
    "2F, /",
    "7E, ~",
    "C2A0, \u00A0",
    // The largest code point, and the ones around the surrogates.
    "F48FBFBF, \uDBFF\uDFFF",
    "ED9FBF, \uD7FF",
    "EE8080, \uE000",
  })
  void goodBytesAreTheirText(String hex, String text) {
    assertThat(NodeId.decode(HexFormat.of().parseHex(hex))).isEqualTo(text);
    assertThat(NodeId.isLegal(text)).isTrue();
  }

  @Test
  void aSpaceIsAnOrdinaryCharacter() {
    assertThat(NodeId.decode(new byte[] {' '})).isEqualTo(" ");
    assertThat(NodeId.isLegal("a b")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        // Overlong forms of NUL, slash, U+007F, and U+FFFF.
        "C080",
        "C0AF",
        "E080AF",
        "F08080AF",
        "C1BF",
        "E081BF",
        "F08FBFBF",
        // Halves of surrogate pairs, and a pair as two halves.
        "EDA080",
        "EDBFBF",
        "EDA0BDEDB880",
        // Cut short, continuation without a start, over U+10FFFF, bytes that never occur.
        "C3",
        "E282",
        "F09F98",
        "61E28261",
        "80",
        "BF",
        "F4908080",
        "F5808080",
        "FE",
        "FF",
      })
  void badBytesAreNoId(String hex) {
    assertThat(NodeId.decode(HexFormat.of().parseHex(hex))).isNull();
    assertThat(NodeId.decodeChannelName(HexFormat.of().parseHex(hex))).isNull();
  }

  @Test
  void controlCharactersAreExactlyThoseOfUnicode() {
    for (int c = 0; c <= 0x200; c++) {
      String text = "a" + Character.toString(c);
      boolean control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
      assertThat(NodeId.isLegal(text)).as("U+%04X", c).isEqualTo(!control);
      assertThat(NodeId.decode(text.getBytes(UTF_8)) != null).isEqualTo(!control);
      assertThat(NodeId.isLegalChannelName(text)).isEqualTo(!control);
    }
  }

  @ParameterizedTest
  @CsvSource({"a, 1", "é, 2", "€, 3", "😀, 4"})
  void lengthIsCountedInBytes(String character, int bytes) {
    String most = character.repeat(128 / bytes) + "a".repeat(128 % bytes);
    assertThat(most.getBytes(UTF_8)).hasSize(128);
    assertThat(NodeId.isLegal(most)).isTrue();
    assertThat(NodeId.decode(most.getBytes(UTF_8))).isEqualTo(most);
    assertThat(NodeId.isLegal(most + "a")).isFalse();
    assertThat(NodeId.decode((most + "a").getBytes(UTF_8))).isNull();
  }

  @Test
  void aChannelNameMayHave255Bytes() {
    assertThat(NodeId.isLegalChannelName("n".repeat(255))).isTrue();
    assertThat(NodeId.isLegalChannelName("n".repeat(256))).isFalse();
    assertThat(NodeId.decodeChannelName("n".repeat(255).getBytes(UTF_8))).hasSize(255);
    assertThat(NodeId.decodeChannelName("n".repeat(256).getBytes(UTF_8))).isNull();
    assertThat(NodeId.isLegalChannelName("")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "a\uDE00", "\uDE00\uD83D", "\uD83Da"})
  void halfOfASurrogatePairIsNoText(String text) {
    assertThat(NodeId.isLegal(text)).isFalse();
    assertThat(Utf8.encodes(text)).isFalse();
  }

  @Test
  void wholePairsAreText() {
    assertThat(Utf8.encodes("")).isTrue();
    assertThat(Utf8.encodes("a😀é")).isTrue();
    assertThat(Utf8.encodes("😀😀")).isTrue();
  }

  @Test
  void anEmptyIdIsNone() {
    assertThat(NodeId.isLegal("")).isFalse();
    assertThat(NodeId.decode(new byte[0])).isNull();
  }
}
