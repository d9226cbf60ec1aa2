package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.client.PresenceMessage.Gap;
import io.heartbus.client.PresenceMessage.Place;
import io.heartbus.client.PresenceMessage.Told;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceCodecTest {
  private static final String FULL =
      "{'seq':9007199254740993,'time':'2026-01-01T00:00:07.250Z','type':'offline','node':'pümp',"
          + "'session':1790000000000000,'cause':'TIMEOUT','group':'g','silenceMs':30000,"
          + "'detail':'x','unknown':{'a':[1,{}]}}";

  private final PresenceCodec codec = new PresenceCodec();

  private PresenceMessage read(String message) throws IOException {
    return codec.read(message.replace('\'', '"').getBytes(UTF_8));
  }

  private static String request(WatchOptions options) {
    return new String(PresenceCodec.request(options), UTF_8).replace('"', '\'');
  }

  @Test
  void aRequestSaysNoMoreThanItHasTo() {
    assertThat(request(WatchOptions.fromNow())).isEqualTo("{}");
    assertThat(request(WatchOptions.fromOldest())).isEqualTo("{'after':0}");
    assertThat(request(WatchOptions.after(new WatchPosition("e1", 7))))
        .isEqualTo("{'after':7,'epoch':'e1'}");
    assertThat(
            request(WatchOptions.after(1).withTypes("offline").withGroup("g ö").withPrefix("a\\")))
        .isEqualTo("{'after':1,'type':['offline'],'group':'g ö','prefix':'a\\\\'}");
  }

  @Test
  void anEventIsReadWithAllItSays() throws IOException {
    assertThat(read(FULL))
        .isEqualTo(
            new Told(
                new PresenceEvent(
                    9_007_199_254_740_993L,
                    Instant.parse("2026-01-01T00:00:07.250Z"),
                    "offline",
                    "pümp",
                    1_790_000_000_000_000L,
                    "TIMEOUT",
                    "g",
                    30_000,
                    "x")));
  }

  @Test
  void whatIsNullIsAbsentAndNothingIsLeftOfTheMessageBefore() throws IOException {
    read(FULL);
    String event =
        "{'seq':2,'time':'2026-01-01T00:00:08Z','type':'stall','node':null,'session':null,"
            + "'cause':null,'group':null,'silenceMs':null,'detail':null}";
    Told bare =
        new Told(
            new PresenceEvent(
                2, Instant.parse("2026-01-01T00:00:08Z"), "stall", null, 0, null, null, -1, null));
    assertThat(read(event)).isEqualTo(bare);
    assertThat(read("{'seq':2,'time':'2026-01-01T00:00:08Z','type':'stall'}")).isEqualTo(bare);
  }

  @Test
  void aPlaceMayHaveAGap() throws IOException {
    assertThat(read("{'epoch':'e','after':7,'gap':null}"))
        .isEqualTo(new Place(new WatchPosition("e", 7), null));
    assertThat(read("{'epoch':'e','after':7,'gap':{'from':3,'to':7,'more':[]}}"))
        .isEqualTo(new Place(new WatchPosition("e", 7), new Gap(3, 7L)));
    assertThat(read("{'epoch':'f','after':0,'gap':{'from':3,'to':null}}"))
        .isEqualTo(new Place(new WatchPosition("f", 0), new Gap(3, null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "null",
        "{}",
        "{'seq':1}",
        "{'seq':0,'time':'2026-01-01T00:00:08Z','type':'stall'}",
        "{'seq':1,'time':'yesterday','type':'stall'}",
        "{'seq':'1','time':'2026-01-01T00:00:08Z','type':'stall'}",
        "{'seq':1e3,'time':'2026-01-01T00:00:08Z','type':'stall'}",
        "{'seq':99999999999999999999,'time':'2026-01-01T00:00:08Z','type':'stall'}",
        "{'seq':1,'time':'2026-01-01T00:00:08Z','type':7}",
        "{'seq':1,'time':'2026-01-01T00:00:08Z','type':'stall'",
        "{'epoch':7}",
        "{'epoch':'e','gap':7}",
        "{'epoch':'e','gap':{'from':'1'}}",
        "half a {"
      })
  void anythingElseIsSaidToBeNone(String message) {
    assertThatThrownBy(() -> read(message))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no message of a presence feed: ");
  }
}
