package io.heartbus.server.interleaving;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Messages that say whose they are: the channel's serial number, their own, and random bytes. */
final class Message {
  static final int HEADER = 8;

  private Message() {}

  static byte[] of(int serial, int number, int bytes, SplittableRandom random) {
    byte[] message = new byte[bytes];
    random.nextBytes(message);
    if (bytes >= HEADER) {
      ByteBuffer.wrap(message).putInt(serial).putInt(number);
    }
    return message;
  }

  static int serial(byte[] message) {
    return message.length < HEADER ? -1 : ByteBuffer.wrap(message).getInt();
  }

  static int number(byte[] message) {
    return ByteBuffer.wrap(message).getInt(4);
  }
}
