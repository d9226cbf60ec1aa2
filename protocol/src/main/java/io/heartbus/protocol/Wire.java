package io.heartbus.protocol;

/** Sizes, limits and bits of HBP/2: the numbers of SPEC §1 to §4 and nothing else. */
public final class Wire {
  public static final int MAGIC = 0xAB12;

  private static final int MAGIC_BYTES = 2;
  private static final int TYPE_BYTES = 1;
  private static final int LENGTH_BYTES = 4;
  public static final int HEADER_BYTES = MAGIC_BYTES + TYPE_BYTES + LENGTH_BYTES;

  /** The only version this code speaks, highest and lowest. */
  public static final int VERSION = 2;

  /** Types from here to {@link #SKIPPABLE_LAST} that nobody knows are skipped; others are fatal. */
  public static final int SKIPPABLE_FIRST = 0x40;

  public static final int SKIPPABLE_LAST = 0x7F;

  /** Largest body before REGISTER is accepted, and the least a peer may ask as its max_frame. */
  public static final int REGISTER_BODY_BYTES_MAX = 4096;

  /** The top byte of a length is 0. */
  public static final int BODY_BYTES_MAX = 0xFF_FFFF;

  public static final int NODE_ID_BYTES_MAX = 128;
  public static final int AUTH_BYTES_MAX = 2048;
  public static final int CHANNEL_NAME_BYTES_MAX = 255;
  public static final int ERROR_MESSAGE_BYTES_MAX = 512;
  public static final int SESSION_TOKEN_BYTES = 16;

  /** cost(DATA) = payload + this, so that empty frames are not free. */
  public static final int DATA_COST_BYTES = 64;

  public static final int INITIAL_CREDIT_MIN = 1024;
  public static final long CREDIT_MAX = Integer.MAX_VALUE;

  /** Epochs fit in 53 bits, so that JSON numbers hold them. */
  public static final long EPOCH_MAX = (1L << 53) - 1;

  /** A node that claims to have held an epoch over this is lying: PROTOCOL_ERROR. */
  public static final long LAST_EPOCH_MAX = (1L << 53) - (1L << 32);

  public static final long DEFAULT_CHANNEL = 1;
  public static final String DEFAULT_CHANNEL_NAME = "default";

  /** {@code last_rtt_us} of a beat when no round trip ended since the last one. */
  public static final long NO_ROUND_TRIP = 0xFFFF_FFFFL;

  public static final int CAPABILITY_CREDIT = 1;
  public static final int CAPABILITY_RESUME = 1 << 1;
  public static final int CAPABILITY_HEARTBEAT_STATS = 1 << 2;
  public static final int CAPABILITY_REDIRECT = 1 << 3;
  public static final int CAPABILITY_SERVER_OPEN = 1 << 4;

  public static final int REGISTER_RESUME = 1;
  public static final int REGISTER_CLEAN = 2;
  public static final int ANSWER_SESSION_PRESENT = 1;
  public static final int ANSWER_TOOK_OVER = 2;
  public static final int DATA_END = 1;
  public static final int DATA_SEQUENCED = 2;
  public static final int DATA_MORE = 4;
  public static final int OPEN_RELIABLE = 1;

  static final int TLV_METADATA = 1;
  static final int TLV_OFFLINE_DELAY = 4;
  static final int TLV_GROUP = 5;
  static final int TLV_LAST_EPOCH = 6;

  private Wire() {}
}
