package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heartbus.server.node.NodeState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
  private static final String[] KNOWN = {"prefix", "limit", "state", "name[]"};

  @Test
  void noQueryAtAllIsFine() throws Refusal {
    assertThat(Query.parse(null).text("prefix")).isNull();
    assertThat(Query.parse("", KNOWN).text("prefix", "otherwise")).isEqualTo("otherwise");
  }

  @Test
  void valuesAreDecoded() throws Refusal {
    Query query = Query.parse("prefix=a%2Fb+c%2B%C3%A9=d&limit=7&state=held", KNOWN);
    assertThat(query.text("prefix")).isEqualTo("a/b c+é=d");
    assertThat(query.number("limit", 1, 10, 5)).isEqualTo(7);
    assertThat(query.constant("state", NodeState.class)).isEqualTo(NodeState.HELD);
  }

  @Test
  void whatIsNotGivenIsTheDefault() throws Refusal {
    Query query = Query.parse("prefix=", KNOWN);
    assertThat(query.text("prefix")).isEmpty();
    assertThat(query.number("limit", 1, 10, 5)).isEqualTo(5);
    assertThat(query.constant("state", NodeState.class)).isNull();
  }

  @Test
  void aNameWithBracketsMayRepeat() throws Refusal {
    assertThat(Query.parse("name[]=a&name%5B%5D=b", KNOWN).text("name[]")).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({
    "prefix=a&prefix=b, prefix is given twice",
    "colour=red, 'unknown parameter: colour; known: prefix, limit, state, name[]'",
    "limit, limit has no value",
    "prefix=a&, 'unknown parameter: ; known: prefix, limit, state, name[]'",
    "prefix=%, % without two hex digits: %",
    "prefix=%4, % without two hex digits: %4",
    "prefix=%zz, % without two hex digits: %zz",
    "prefix=%FF, not UTF-8 when decoded: %FF",
    "prefix=%C0%80, not UTF-8 when decoded: %C0%80",
    "prefix=%ED%A0%80, not UTF-8 when decoded: %ED%A0%80"
  })
  void whatCannotBeMeantIsRefused(String raw, String reason) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> Query.parse(raw, KNOWN));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal).hasMessage(reason);
  }

  @ParameterizedTest
  @CsvSource({"limit=0", "limit=11", "limit=", "limit=x", "limit=1e1", "limit=99999999999"})
  void aNumberHasToBeInRange(String raw) throws Refusal {
    Query query = Query.parse(raw, KNOWN);
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> query.number("limit", 1, 10, 5));
    assertThat(refusal).hasMessage("limit must be a whole number from 1 to 10");
  }

  @Test
  void aConstantHasToExist() throws Refusal {
    Query query = Query.parse("state=GONE", KNOWN);
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> query.constant("state", NodeState.class));
    assertThat(refusal).hasMessage("state must be one of HELD, OFFLINE, ONLINE, SUSPECT");
  }

  @Test
  void plusIsABlankInAQueryOnly() throws Refusal {
    assertThat(PercentCoding.ofPath("a+b%20c")).isEqualTo("a+b c");
    assertThat(PercentCoding.ofQuery("a+b%20c")).isEqualTo("a b c");
  }

  @Test
  void bareCharactersBeyondAsciiStayAsTheyAre() throws Refusal {
    assertThat(PercentCoding.ofPath("é😀%F0%9F%98%80")).isEqualTo("é😀😀");
  }
}
