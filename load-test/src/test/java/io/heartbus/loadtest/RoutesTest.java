package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Routes.Ports;
import io.heartbus.loadtest.Routes.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  @ParameterizedTest
  @CsvSource({"32768, 60999", "1024, 65535", "5000, 5000", "2, 7920", "2, 15839"})
  void everyPortIsDealtOutOnceBeforeAnyComesAgain(int first, int last) {
    Ports ports = new Ports(first, last);
    Routes routes = new Routes(Scenarios.heartbeat(1).scenario(), ports, new Random());
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < ports.count(); i++) {
      seen.add(routes.next(i).local().getPort());
    }

    assertThat(seen).hasSize(ports.count()).allMatch(port -> port >= first && port <= last);
  }

  @Test
  void thePortOfTheTargetIsLeftOut() {
    Scenario scenario = Scenarios.heartbeat(9501).scenario();
    Routes routes = new Routes(scenario, new Ports(9500, 9502), new Random());
    for (int i = 0; i < 20; i++) {
      assertThat(routes.next(0).local().getPort()).isNotEqualTo(9501);
    }
  }

  @Test
  void nodesTakeTurnsThroughAllPairsOfSourceAndTarget() throws UsageException {
    Scenario scenario =
        Scenarios.heartbeat(1)
            .sources(SourceAddresses.parse("127.0.0.1-127.0.0.3"))
            .targets(TargetAddresses.parse("127.0.1.1-127.0.1.2:9501"))
            .scenario();
    Routes routes = new Routes(scenario, new Ports(1, 100), new Random());
    Map<String, Integer> pairs = new HashMap<>();
    for (int node = 0; node < 60; node++) {
      Route route = routes.next(node);
      pairs.merge(route.local().getAddress() + " " + route.target(), 1, Integer::sum);
    }

    assertThat(pairs).hasSize(6).allSatisfy((pair, count) -> assertThat(count).isEqualTo(10));
    assertThat(Routes.pairs(scenario)).isEqualTo(6);
  }

  @Test
  void aNodeThatTriesAgainGetsAnotherPortOfTheSamePair() throws UsageException {
    Scenario scenario =
        Scenarios.heartbeat(1).sources(SourceAddresses.parse("127.0.0.1-127.0.0.3")).scenario();
    Routes routes = new Routes(scenario, new Ports(1, 100), new Random());
    Route route = routes.next(4);
    Route again = routes.next(4);

    assertThat(again.local().getAddress()).isEqualTo(route.local().getAddress());
    assertThat(again.target()).isEqualTo(route.target());
    assertThat(again.local().getPort()).isNotEqualTo(route.local().getPort());
  }

  @Test
  void twoLoadTestsThatBeginAlikeGetOutOfEachOthersWay() {
    Scenario scenario = Scenarios.heartbeat(1).scenario();
    Ports ports = new Ports(32_768, 60_999);
    // The same seed, so that without a way out the second would follow the first all along.
    Routes first = new Routes(scenario, ports, new Random(7));
    Routes second = new Routes(scenario, ports, new Random(7));
    Set<Integer> used = new HashSet<>();
    for (int node = 0; node < 9_500; node++) {
      used.add(first.next(node).local().getPort());
    }
    for (int node = 0; node < 9_500; node++) {
      int tries = 1;
      while (!used.add(second.next(node).local().getPort())) {
        second.taken(node);
        tries++;
      }
      assertThat(tries).as("tries of node %d", node).isLessThan(100);
    }
  }
}
