package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  private final ServerAddress server = new ServerAddress("a", 1);
  private final Registration registration =
      new Registration(ClientOptions.defaults(), false, new Random(1));

  @Test
  void everyConnectHasTheNextNumberOfTheSameInstance() {
    Frame.Register first = registration.next();
    Frame.Register second = registration.next();
    assertThat(first.connectionSeq()).isEqualTo(1);
    assertThat(second.connectionSeq()).isEqualTo(2);
    assertThat(second.instance()).isEqualTo(first.instance());
  }

  @Test
  void theGreaseBitComesAndGoes() {
    Set<Integer> capabilities = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      capabilities.add(registration.next().capabilities());
    }
    int real = Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS | Wire.CAPABILITY_REDIRECT;
    assertThat(capabilities).containsExactlyInAnyOrder(real, real | 1 << 31);
  }

  @Test
  void theLastEpochIsToldUnlessSpecForbidsIt() throws ProtocolException {
    assertThat(registration.next().attributes().lastEpoch()).isNull();
    registration.granted(server, Terms.STANDARD.withEpoch(5).answer());
    assertThat(registration.next().attributes().lastEpoch()).isEqualTo(5);
    registration.granted(server, Terms.STANDARD.withEpoch(Wire.LAST_EPOCH_MAX).answer());
    assertThat(registration.next().attributes().lastEpoch()).isEqualTo(Wire.LAST_EPOCH_MAX);
    registration.granted(server, Terms.STANDARD.withEpoch(Wire.LAST_EPOCH_MAX + 1).answer());
    assertThat(registration.next().attributes().lastEpoch()).isEqualTo(Wire.LAST_EPOCH_MAX);
  }
}
