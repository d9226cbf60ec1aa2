package io.heartbus.server.channel;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What credit costs for each message, in either direction. By hand: {@code mvn -q -pl
 * protocol,server -am -Dbenchmark=server process-test-classes -Djmh.args=Credit}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CreditBenchmark {
  private static final int INITIAL = 4_096;
  private static final int PAYLOAD_BYTES = 100;
  private static final int COST = (int) OutboundCredit.cost(PAYLOAD_BYTES);

  private final InboundCredit inbound = new InboundCredit(INITIAL);
  private final OutboundCredit outbound = new OutboundCredit(INITIAL);

  /** A message comes and is taken, and credit is given back when it is due. */
  @Benchmark
  public int receive() {
    if (!inbound.spend(COST)) {
      throw new IllegalStateException("no credit");
    }
    inbound.take(COST);
    return inbound.due() ? inbound.grant() : 0;
  }

  /** A message is sent, and as much is granted. */
  @Benchmark
  public boolean send() {
    int bytes = outbound.payloadBytes(PAYLOAD_BYTES, INITIAL);
    outbound.spend(bytes);
    return outbound.add(OutboundCredit.cost(bytes));
  }
}
