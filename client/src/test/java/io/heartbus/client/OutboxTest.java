package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final Frame REGISTER =
      new Registration(ClientOptions.defaults(), false, new Random(1)).next();
  private static final Frame BEAT = Frame.HeartbeatRequest.PLAIN;

  private final Outbox outbox = new Outbox(new LongAdder());

  @Test
  void controlFramesLeaveBeforeDataThatWaitsLonger() throws Exception {
    outbox.control(REGISTER);
    Frame one = data(3, 100);
    Frame two = data(5, 200);
    outbox.data(one, 3, 0);
    outbox.data(two, 5, 0);
    outbox.control(BEAT);
    outbox.ahead(new Frame.ChannelOpen(7, 4096, 0, "c"), 0);
    assertThat(batch())
        .containsExactly(REGISTER, BEAT, new Frame.ChannelOpen(7, 4096, 0, "c"), one, two);
  }

  @Test
  void aBeatWaitsForOneBatchAtMost() throws Exception {
    for (int i = 0; i < 4; i++) {
      outbox.data(data(3, 10_000), 3, 0);
    }
    assertThat(outbox.next().remaining()).isLessThanOrEqualTo(Outbox.BATCH_BYTES);
    outbox.control(REGISTER);
    outbox.control(BEAT);
    List<Frame> next = batch();
    assertThat(next.get(0)).isEqualTo(REGISTER);
    assertThat(next.get(1)).isEqualTo(BEAT);
  }

  @Test
  void aFrameLongerThanABatchLeavesAlone() throws Exception {
    outbox.data(data(3, 50_000), 3, 0);
    outbox.data(data(3, 1), 3, 0);
    assertThat(outbox.next().remaining()).isEqualTo(50_000 + 12);
    assertThat(outbox.next().remaining()).isEqualTo(1 + 12);
  }

  @Test
  void sendersWaitForRoom() throws Exception {
    assertThat(outbox.reserve(Limits.DATA_OUTBOX_BYTES, Deadline.NEVER))
        .isEqualTo(Outbox.Room.GRANTED);
    assertThat(outbox.tryReserve(1)).isFalse();
    assertThat(outbox.reserve(1, Deadline.in(Duration.ofMillis(10))))
        .isEqualTo(Outbox.Room.TIMED_OUT);
    Await.Running<Outbox.Room> waiting =
        Await.start(() -> outbox.reserve(1, Deadline.NEVER)).untilBlocked();
    outbox.release(Limits.DATA_OUTBOX_BYTES);
    assertThat(waiting.get()).isEqualTo(Outbox.Room.GRANTED);
  }

  @Test
  void roomComesBackWhenDataLeavesOrIsDiscarded() throws Exception {
    int bytes = 30_000 + 12;
    for (int i = 0; i < 2; i++) {
      assertThat(outbox.tryReserve(bytes)).isTrue();
      outbox.data(data(3, 30_000), 3, bytes);
    }
    assertThat(outbox.tryReserve(bytes)).isFalse();
    outbox.next();
    assertThat(outbox.tryReserve(bytes)).isTrue();
    outbox.release(bytes);
    outbox.discard(3);
    assertThat(outbox.tryReserve(Limits.DATA_OUTBOX_BYTES)).isTrue();
    outbox.release(Limits.DATA_OUTBOX_BYTES);
    Frame other = data(5, 1);
    outbox.control(REGISTER);
    outbox.data(other, 5, 0);
    assertThat(batch()).containsExactly(REGISTER, other);
  }

  @Test
  void anythingFitsIntoAnEmptyOutbox() {
    assertThat(outbox.tryReserve(10 * Limits.DATA_OUTBOX_BYTES)).isTrue();
    assertThat(outbox.tryReserve(1)).isFalse();
  }

  @Test
  void controlIsBoundedAndRefusedBeyond() {
    int queued = 0;
    while (outbox.control(new Frame.Pong(1L))) {
      queued++;
    }
    assertThat(queued).isEqualTo(Limits.CONTROL_OUTBOX_BYTES / 15);
  }

  @Test
  void finishWritesWhatIsQueuedThenTheLastFrameThenNothing() throws Exception {
    Frame data = data(3, 5);
    outbox.control(REGISTER);
    outbox.data(data, 3, 0);
    outbox.finish(new Frame.Unregister(0), false);
    outbox.control(BEAT);
    outbox.data(data, 3, 0);
    assertThat(outbox.reserve(1, Deadline.NEVER)).isEqualTo(Outbox.Room.OVER);
    assertThat(batch()).containsExactly(REGISTER, data, new Frame.Unregister(0));
    assertThat(outbox.next()).isNull();
  }

  @Test
  void finishMayDropWhatIsQueued() throws Exception {
    outbox.control(BEAT);
    outbox.data(data(3, 5), 3, 0);
    outbox.finish(REGISTER, true);
    assertThat(batch()).containsExactly(REGISTER);
    assertThat(outbox.next()).isNull();
  }

  @Test
  void stopEndsEveryWait() throws Exception {
    assertThat(outbox.tryReserve(Limits.DATA_OUTBOX_BYTES)).isTrue();
    Await.Running<Outbox.Room> sender =
        Await.start(() -> outbox.reserve(1, Deadline.NEVER)).untilBlocked();
    Await.Running<Boolean> writer = Await.start(() -> outbox.next() == null).untilBlocked();
    outbox.stop();
    assertThat(sender.get()).isEqualTo(Outbox.Room.OVER);
    assertThat(writer.get()).isTrue();
  }

  private static Frame.Data data(long channel, int bytes) {
    return Frame.Data.of(channel, 0, new byte[bytes]);
  }

  /** The frames of the next batch, which has to start with a REGISTER or nobody may read it. */
  private List<Frame> batch() throws InterruptedException, ProtocolException {
    ByteBuffer bytes = outbox.next();
    FrameReader reader = new FrameReader(Role.NODE);
    List<Frame> frames = new ArrayList<>();
    while (bytes.hasRemaining()) {
      ByteBuffer room = reader.intake(bytes.remaining());
      int count = Math.min(room.remaining(), bytes.remaining());
      room.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      while (reader.advance()) {
        frames.add(reader.frame());
        if (frames.getLast() instanceof Frame.Register) {
          reader.registered(Terms.FRAME_BYTES_MAX);
        }
      }
    }
    return frames;
  }
}
