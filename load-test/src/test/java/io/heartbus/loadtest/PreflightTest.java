package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.loadtest.Preflight.Limits;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static final int PORTS = 28_232;
  private static final Limits AMPLE = new Limits(1_000_000, PORTS);

  @Test
  void aMachineThatSufficesIsLetPass() throws UsageException {
    check(Scenarios.heartbeat(1).nodes(PORTS).scenario(), AMPLE);
    check(Scenarios.heartbeat(1).nodes(100).scenario(), new Limits(164, PORTS));
  }

  @Test
  void tooFewDescriptorsAreRefusedWithTheNumbers() {
    Scenario scenario = Scenarios.heartbeat(1).nodes(100).scenario();

    assertThatThrownBy(() -> check(scenario, new Limits(163, PORTS)))
        .hasMessage(
            "100 nodes need 164 file descriptors and this process may open 163 more: raise"
                + " ulimit -n, or run several load testers");
  }

  @Test
  void theDemoNeedsMoreForItsReplacements() {
    Scenario scenario = Scenarios.demo(1).nodes(100).scenario();

    assertThatThrownBy(() -> check(scenario, new Limits(168, PORTS)))
        .hasMessageContaining("need 169 file descriptors");
  }

  @Test
  void tooFewPortsForOneTargetAreRefusedAndMoreTargetsHelp() throws UsageException {
    Scenarios scenarios = Scenarios.heartbeat(1).nodes(PORTS + 1);

    assertThatThrownBy(() -> check(scenarios.scenario(), AMPLE))
        .hasMessageContaining("28,233 nodes need as many local ports and there are 28,232")
        .hasMessageEndingWith("or give more addresses in --target or --sources");
    check(scenarios.targets(TargetAddresses.parse("127.0.0.1-127.0.0.2:1")).scenario(), AMPLE);
  }

  @Test
  void everyPairOfSourceAndTargetHasAllPorts() throws UsageException {
    Scenarios scenarios =
        Scenarios.heartbeat(1)
            .nodes(4 * PORTS)
            .targets(TargetAddresses.parse("127.0.0.1-127.0.0.2:1"))
            .sources(SourceAddresses.parse("127.0.0.1-127.0.0.2"));

    check(scenarios.scenario(), AMPLE);
    assertThatThrownBy(() -> check(scenarios.nodes(4 * PORTS + 1).scenario(), AMPLE))
        .hasMessageContaining("there are 112,928");
  }

  @Test
  void addressFamiliesDoNotMix() throws UsageException {
    Scenario scenario = Scenarios.heartbeat(1).sources(SourceAddresses.parse("::1")).scenario();

    assertThatThrownBy(() -> check(scenario, AMPLE))
        .hasMessageContaining("IPv4 and IPv6 do not mix");
  }

  @Test
  void nodesComeFromAddressesOfThisMachineOnly() throws UsageException {
    Scenario scenario =
        Scenarios.heartbeat(1).sources(SourceAddresses.parse("127.0.0.1,192.0.2.1")).scenario();

    assertThatThrownBy(() -> Preflight.check(scenario, AMPLE, Machine::owns))
        .hasMessage("192.0.2.1 is no address of this machine");
  }

  @Test
  void thisMachineTellsItsLimits() {
    Limits limits = Machine.limits();

    assertThat(limits.descriptorsFree()).isPositive();
    assertThat(limits.localPorts()).isBetween(1, 65_535);
  }

  private static void check(Scenario scenario, Limits limits) throws UsageException {
    Preflight.check(scenario, limits, _ -> true);
  }
}
