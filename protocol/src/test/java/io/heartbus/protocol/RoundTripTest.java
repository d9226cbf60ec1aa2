package io.heartbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Streams of random frames: what went in comes out, however the bytes are cut. */
class RoundTripTest {
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final RandomFrames frames = new RandomFrames(random);

  @RepeatedTest(20)
  void framesOfANodeComeOutAsTheyWentIn() {
    List<Frame> sent = new ArrayList<>();
    sent.add(frames.register());
    for (int i = 0; i < 200; i++) {
      sent.add(frames.next(Role.NODE));
    }
    check(new FrameStream(Role.NODE, false), sent);
  }

  @RepeatedTest(20)
  void framesOfAServerComeOutAsTheyWentIn() {
    List<Frame> sent = new ArrayList<>();
    sent.add(frames.registered());
    for (int i = 0; i < 200; i++) {
      sent.add(frames.next(Role.SERVER));
    }
    check(new FrameStream(Role.SERVER, true), sent);
  }

  @Test
  void aThousandFramesInOnePieceAllComeInOrder() {
    List<Frame> sent = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      sent.add(frames.next(Role.NODE));
    }
    FrameStream stream = new FrameStream(Role.NODE, true).feed(bytes(sent));
    assertThat(stream.seen()).as("seed %d", seed).isEqualTo(sent);
    assertThat(stream.reader().midFrame()).isFalse();
  }

  @Test
  void aFrameAndHalfOfTheNextGiveOneAndTheRestWaits() {
    List<Frame> sent = List.of(new Frame.Credit(1, 5), new Frame.Credit(3, 7));
    byte[] bytes = bytes(sent);
    FrameStream stream = new FrameStream(Role.NODE, true).feed(bytes, 0, 22);
    assertThat(stream.seen()).isEqualTo(sent.subList(0, 1));
    assertThat(stream.reader().midFrame()).isTrue();
    assertThat(stream.feed(bytes, 22, bytes.length).seen()).isEqualTo(sent);
    assertThat(stream.reader().midFrame()).isFalse();
  }

  @Test
  void allVectorsOfANodeInOneStreamComeInOrderWhereverItIsCut() {
    List<Vector> vectors =
        VectorTest.frames()
            .filter(vector -> vector.sender() == Role.NODE && vector.registered())
            .toList();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Vector.named("register-full").bytes());
    vectors.forEach(vector -> all.writeBytes(vector.bytes()));
    byte[] bytes = all.toByteArray();
    List<Object> sent = new ArrayList<>();
    sent.add(VectorRecords.BY_NAME.get("register-full"));
    vectors.forEach(vector -> sent.add(VectorRecords.BY_NAME.get(vector.name())));
    for (int cut = 0; cut <= bytes.length; cut++) {
      FrameStream stream =
          new FrameStream(Role.NODE, false).feed(bytes, 0, cut).feed(bytes, cut, bytes.length);
      assertThat(stream.seen()).as("cut at %d", cut).isEqualTo(sent);
    }
  }

  /** Feeds the frames in one piece, in pieces of random size, and byte by byte. */
  private void check(FrameStream first, List<Frame> sent) {
    byte[] bytes = bytes(sent);
    assertThat(first.feed(bytes).seen()).as("seed %d", seed).isEqualTo(sent);
    Role sender = sent.getFirst() instanceof Frame.Register ? Role.NODE : Role.SERVER;
    boolean registered = sender == Role.SERVER;
    for (int pieceMax : new int[] {1, 2, 50, 5000}) {
      FrameStream stream = new FrameStream(sender, registered);
      for (int at = 0; at < bytes.length; ) {
        int to = Math.min(bytes.length, at + 1 + random.nextInt(pieceMax));
        stream.feed(bytes, at, to);
        at = to;
      }
      assertThat(stream.seen()).as("seed %d, pieces of at most %d", seed, pieceMax).isEqualTo(sent);
      assertThat(stream.reader().midFrame()).isFalse();
    }
  }

  private static byte[] bytes(List<Frame> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames.forEach(frame -> out.writeBytes(FrameWriter.encode(frame)));
    return out.toByteArray();
  }
}
