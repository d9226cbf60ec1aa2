package io.heartbus.server.interleaving;

import java.util.SplittableRandom;

/**
 * What a node says of itself in REGISTER.
 *
 * @param id the node id
 * @param initialCredit what it grants on the default channel, and at least elsewhere
 * @param frameBytesMax the largest body it reads
 * @param takesOpens whether the server may open channels
 * @param process the instance, and how often that has connected
 */
record Identity(
    String id, long initialCredit, int frameBytesMax, boolean takesOpens, ProcessStart process) {
  private static final int CREDIT = 1;
  private static final int HB_STATS = 4;
  private static final int SERVER_OPEN = 16;
  private static final int GREASE = 1 << 31;

  /**
   * A start of a node's program.
   *
   * @param instance drawn at that start
   * @param connection counted from 1
   */
  record ProcessStart(long instance, int connection) {}

  static Identity of(String id, ProcessStart process, SplittableRandom random) {
    return new Identity(
        id,
        random.nextBoolean() ? 1024 : random.nextInt(1024, 65_537),
        random.nextBoolean() ? 4096 : random.nextInt(4096, 65_537),
        random.nextInt(6) > 0,
        process);
  }

  int capabilities() {
    return CREDIT | HB_STATS | (takesOpens ? SERVER_OPEN : 0);
  }

  /** The frame, with a bit that means nothing. */
  byte[] register() {
    byte[] idBytes = Octets.text(id);
    return Octets.frame(
        Octets.REGISTER,
        Octets.u8(2),
        Octets.u8(2),
        Octets.u16(0),
        Octets.u32(capabilities() | GREASE),
        Octets.u32(0),
        Octets.u32(0),
        Octets.u32(initialCredit),
        Octets.u32(frameBytesMax),
        Octets.u64(process.instance()),
        Octets.u32(process.connection()),
        Octets.u8(idBytes.length),
        idBytes,
        Octets.u16(0),
        Octets.u16(0));
  }
}
