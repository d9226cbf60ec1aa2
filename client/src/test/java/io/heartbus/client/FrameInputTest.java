package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class FrameInputTest {
  @Test
  void framesOfUnknownTypesAreSkippedAndCountAsLife() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback());
        SocketChannel socket = SocketChannel.open(listener.getLocalAddress());
        SocketChannel peer = listener.accept()) {
      Counters counters = new Counters();
      FrameInput input = new FrameInput(socket, counters);
      input.registered(Limits.FRAME_BYTES_MAX);
      Await.Running<Frame> next = Await.start(input::next);
      long beforeNanos = System.nanoTime();
      peer.write(ByteBuffer.wrap(new byte[] {(byte) 0xAB, 0x12, 0x55, 0, 0, 0, 3, 1, 2, 3}));
      Await.until("skipped", () -> counters.framesSkipped.sum() == 1);
      assertThat(input.heardNanos() - beforeNanos).isPositive();
      assertThat(next.isDone()).isFalse();
      peer.write(ByteBuffer.wrap(FrameWriter.encode(new Frame.Ping(7L))));
      assertThat(next.get()).isEqualTo(new Frame.Ping(7L));
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
