package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.Admission;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Registration;
import io.heartbus.server.node.Roster;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What leaves a connection, write by write. */
class OutboxTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final ServerConfig CONFIG = ServerConfig.defaults();
  private static final int OUTBOX_BYTES = CONFIG.connections().outboxBytesMax();
  private static final byte[] FAREWELL = Hbp2.encodeFarewell(ErrorCode.FLOOD, "enough", 0);

  private final LivenessClock clock = new LivenessClock(System::nanoTime);
  private final NodeTable table = new NodeTable(CONFIG.nodes(), InstantSource.system());
  private final ConnectionContext context =
      new ConnectionContext(
          CONFIG.connections(),
          Deadlines.of(CONFIG.connections()),
          CONFIG.heartbeat(),
          table,
          new Roster(),
          clock,
          InstantSource.system(),
          new ConnectionCounts(),
          new ChannelRouter(
              CONFIG.channels(),
              Map.of(),
              table,
              new PresenceLog(LogSettings.inMemory(1, 0), InstantSource.system(), "", 0)),
          new Doorkeeper(CONFIG.connections(), clock.nowNanos(), new SplittableRandom(1)),
          new SplittableRandom(1));

  private Connection connection(RecordingSocket socket) {
    Connection connection = new Connection(context, socket, new Handshake(context, false));
    context.roster().add(connection);
    return connection;
  }

  /** Such a connection of a registered legacy node. */
  private Connection legacy(RecordingSocket socket) {
    Connection connection = connection(socket);
    Admission admission =
        new Admission("php", true, 0, 0, 0, new Frame.Pace(1_000, 3_000), -1, null, Map.of());
    Registration outcome = table.register(admission, connection, _ -> {});
    Node node = ((Registration.Admitted) outcome).node();
    connection.speak(new Hbp1(connection, node), node, 65_536);
    return connection;
  }

  private static byte[] ping(long opaque) {
    return FrameWriter.encode(new Frame.Ping(opaque));
  }

  private static byte[] data(int channel, int bytes) {
    return FrameWriter.encode(Frame.Data.of(channel, 0, new byte[bytes]));
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  @Test
  void hbp1GetsEachFrameInAWriteOfItsOwn() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Connection connection = legacy(socket);
    List<byte[]> frames = List.of(ping(1), ping(2), data(1, 10), data(1, 40_000), data(1, 5));
    connection.send(FrameType.PING, frames.get(0));
    connection.send(FrameType.PING, frames.get(1));
    for (byte[] frame : frames.subList(2, 5)) {
      assertThat(connection.sendInOrder(FrameType.DATA, frame)).isTrue();
    }
    connection.flush();
    assertThat(socket.writes()).containsExactlyElementsOf(frames);
  }

  @Test
  void hbp2GetsWhatWaitsInOneWriteControlFirst() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Connection connection = connection(socket);
    connection.sendInOrder(FrameType.DATA, data(3, 10));
    connection.send(FrameType.PING, ping(1));
    connection.sendInOrder(FrameType.DATA, data(5, 20));
    connection.send(FrameType.PING, ping(2));
    connection.flush();
    assertThat(socket.writes())
        .containsExactly(join(List.of(ping(1), ping(2), data(3, 10), data(5, 20))));
    connection.flush();
    assertThat(socket.writes()).hasSize(1);
  }

  @Test
  void aLargeFrameOfDataLeavesByItselfSoThatItIsNotCopied() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Connection connection = connection(socket);
    connection.sendInOrder(FrameType.DATA, data(3, 10));
    connection.sendInOrder(FrameType.DATA, data(3, 100_000));
    connection.send(FrameType.PING, ping(1));
    connection.flush();
    assertThat(socket.writes())
        .containsExactly(join(List.of(ping(1), data(3, 10))), data(3, 100_000));
  }

  @Test
  void controlFramesDoNotWaitBehindMuchData() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Connection connection = connection(socket);
    for (int i = 0; i < 6; i++) {
      assertThat(connection.sendInOrder(FrameType.DATA, data(3, 10_000))).isTrue();
    }
    connection.flush();
    for (byte[] write : socket.writes()) {
      // Between two writes a beat can be answered, so none may be long.
      assertThat(write.length).isLessThanOrEqualTo(32 * 1024);
    }
    assertThat(join(socket.writes())).hasSize(6 * data(3, 10_000).length);
  }

  @Test
  void aSocketThatTakesLittleAtATimeGetsEverything() {
    RecordingSocket socket = new RecordingSocket(7);
    Connection connection = connection(socket);
    connection.send(FrameType.PING, ping(1));
    connection.sendInOrder(FrameType.DATA, data(3, 1_000));
    connection.flush();
    assertThat(join(socket.writes())).isEqualTo(join(List.of(ping(1), data(3, 1_000))));
  }

  @Test
  void nothingLeavesBehindTheFarewell() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Outbox outbox = new Outbox(connection(socket));
    outbox.addControl(ping(1), OUTBOX_BYTES);
    outbox.addData(data(3, 10), OUTBOX_BYTES);
    outbox.finish(FAREWELL);
    outbox.addControl(ping(2), OUTBOX_BYTES);
    outbox.addData(data(3, 11), OUTBOX_BYTES);
    outbox.flush();
    assertThat(outbox.finished()).isTrue();
    assertThat(socket.outputShutDown()).isTrue();
    assertThat(join(socket.writes())).isEqualTo(join(List.of(ping(1), FAREWELL)));
    outbox.addControl(ping(3), OUTBOX_BYTES);
    outbox.flush();
    assertThat(outbox.needsFlush()).isFalse();
    assertThat(socket.isOpen()).as("the peer may still have something to send").isTrue();
    assertThat(join(socket.writes())).isEqualTo(join(List.of(ping(1), FAREWELL)));
  }

  @Test
  void anEmptyFarewellEndsTheOutputToo() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Outbox outbox = new Outbox(connection(socket));
    outbox.finish(new byte[0]);
    outbox.flush();
    assertThat(outbox.finished()).isTrue();
    assertThat(socket.outputShutDown()).isTrue();
  }

  @Test
  void dataBeyondTheBoundIsNotTakenUntilThereIsRoom() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Connection connection = connection(socket);
    int taken = 0;
    while (connection.sendInOrder(FrameType.DATA, data(3, 4_000))) {
      taken++;
      assertThat(taken * 4_000).isLessThan(2 * OUTBOX_BYTES);
    }
    assertThat(taken * data(3, 4_000).length).isGreaterThanOrEqualTo(OUTBOX_BYTES);
    connection.flush();
    assertThat(connection.sendInOrder(FrameType.DATA, data(3, 4_000))).isTrue();
    connection.flush();
    assertThat(join(socket.writes())).hasSize((taken + 1) * data(3, 4_000).length);
  }

  @Test
  void tooManyControlFramesThatNobodyReadsEndTheConnection() {
    RecordingSocket socket = new RecordingSocket(ALL);
    Connection connection = connection(socket);
    for (int i = 0; i * ping(0).length < 2 * OUTBOX_BYTES; i++) {
      connection.send(FrameType.PING, ping(i));
    }
    // The end is decided on a thread of its own.
    long startNanos = System.nanoTime();
    while (context.counts().closed(CloseReason.SLOW_CONSUMER).sum() == 0) {
      assertThat(System.nanoTime() - startNanos).isLessThan(10_000_000_000L);
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(connection.open()).isFalse();
    assertThat(context.counts().closed(CloseReason.SLOW_CONSUMER).sum()).isEqualTo(1);
  }

  @Test
  void whateverManyThreadsLeaveGoesOutWholeAndEachInItsOrder() throws InterruptedException {
    RecordingSocket socket = new RecordingSocket(1_000);
    Connection connection = connection(socket);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int sender = i;
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int j = 0; j < 500; j++) {
              long opaque = sender * 1_000L + j;
              connection.send(FrameType.PING, ping(opaque));
              while (!connection.sendInOrder(
                  FrameType.DATA,
                  FrameWriter.encode(
                      Frame.Data.of(3, 0, ByteBuffer.allocate(8).putLong(opaque).array())))) {
                LockSupport.parkNanos(1_000);
              }
              connection.flush();
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long[][] next = new long[2][6];
    ByteBuffer bytes = ByteBuffer.wrap(join(socket.writes()));
    while (bytes.hasRemaining()) {
      assertThat(bytes.getShort()).isEqualTo((short) 0xAB12);
      boolean data = bytes.get() == 3;
      bytes.position(bytes.position() + (data ? 9 : 4));
      long opaque = bytes.getLong();
      int sender = (int) (opaque / 1_000);
      assertThat(opaque % 1_000).isEqualTo(next[data ? 1 : 0][sender]++);
    }
    for (long[] counts : next) {
      assertThat(counts).containsOnly(500);
    }
  }
}
