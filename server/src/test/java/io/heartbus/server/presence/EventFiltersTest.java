package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.server.node.EventType;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters as people write them. */
class EventFiltersTest {
  @Test
  void whatIsNotGivenLetsEverythingPass() {
    assertThat(EventFilters.parse(null, null, null)).isEqualTo(EventFilter.ALL);
  }

  @Test
  void everyTypeHasItsName() {
    for (EventType type : EventType.values()) {
      assertThat(EventFilters.parse(type.text(), null, null).types()).containsExactly(type);
    }
  }

  @ParameterizedTest
  @CsvSource({"'offline,online'", "'online, offline'", "'ONLINE,Offline,online'"})
  void severalTypesAreSeparatedByCommas(String list) {
    assertThat(EventFilters.parse(list, null, null).types())
        .isEqualTo(Set.of(EventType.ONLINE, EventType.OFFLINE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "gone", "online,", "online,gone", "mass-loss", "online offline"})
  void anUnknownTypeIsToldWhichOnesThereAre(String list) {
    assertThatThrownBy(() -> EventFilters.parse(list, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "type must be one or more of online, suspect, offline, replaced, mass_loss, stall");
  }

  @Test
  void groupAndPrefixAreTakenAsTheyAre() {
    assertThat(EventFilters.parse(null, "rack 7", "a,b"))
        .isEqualTo(new EventFilter(Set.of(), "rack 7", "a,b"));
    assertThat(EventFilters.parse(null, "", "").group()).isEmpty();
  }
}
