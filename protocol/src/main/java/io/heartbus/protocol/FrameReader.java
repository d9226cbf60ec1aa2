package io.heartbus.protocol;

import java.nio.ByteBuffer;

/**
 * Cuts a byte stream into frames, whatever way the bytes arrive. It knows no socket: its owner puts
 * bytes into {@link #intake} and then calls {@link #advance()} until that is false.
 *
 * <p>Every header is judged in the order of SPEC §1 (magic, type, state, length) as soon as its
 * bytes are there, and before anything is allocated. The buffer starts at {@value #IDLE_BYTES}
 * bytes, grows only behind bytes that did arrive, and shrinks again when all are consumed. Not
 * thread-safe: it belongs to the thread that reads.
 */
public final class FrameReader {
  /** A heartbeat, with what it may say of the last one, is a byte smaller. */
  static final int IDLE_BYTES = 16;

  /** Under load one read takes this much, to spare system calls. */
  static final int BUSY_BYTES = 16 * 1024;

  private final Role peer;
  private ByteBuffer buffer = ByteBuffer.allocate(IDLE_BYTES);
  private int start;
  private int bodyBytes;
  private int bodyBytesMax = Wire.REGISTER_BODY_BYTES_MAX;
  private boolean registered;

  /** A reader of what {@code peer} sends, from its first byte on. */
  public FrameReader(Role peer) {
    this.peer = peer;
  }

  /** From now on every frame that the peer may send is welcome, up to that body size. */
  public void registered(int frameBytesMax) {
    this.registered = true;
    this.bodyBytesMax = Math.min(frameBytesMax, Wire.BODY_BYTES_MAX);
  }

  /**
   * Whether the last read took all it had room for, so that more may wait: ask the socket how much,
   * and tell {@link #intake(int)}.
   */
  public boolean filled() {
    return !buffer.hasRemaining();
  }

  /**
   * Where the next received bytes go; has room for at least one.
   *
   * @param waitingBytes how many are known or expected to wait; they may be fewer or more
   */
  public ByteBuffer intake(int waitingBytes) {
    int held = buffer.position() - start;
    if (held == 0) {
      int capacity = Math.clamp(waitingBytes, IDLE_BYTES, BUSY_BYTES);
      // Reused under load, but a connection that falls silent keeps only a small one.
      boolean fits = buffer.capacity() >= capacity && buffer.capacity() < 2 * capacity;
      buffer = fits ? buffer.clear() : ByteBuffer.allocate(capacity);
    } else if (!buffer.hasRemaining()) {
      makeRoom(held, waitingBytes);
    }
    if (held == 0 || start > 0) {
      moveToFront(held);
    }
    return buffer;
  }

  /** Whether the peer has begun a frame that is not complete yet. */
  public boolean midFrame() {
    return start != buffer.position();
  }

  /**
   * Moves to the next complete frame.
   *
   * @return false when the bytes at hand hold no further complete frame
   * @throws ProtocolException when the next header breaks SPEC; the stream is then unusable
   */
  public boolean advance() throws ProtocolException {
    int available = buffer.position() - start;
    if (available == 0) {
      return false;
    }
    judgeHeader(available);
    if (available < Wire.HEADER_BYTES || available - Wire.HEADER_BYTES < announcedBytes()) {
      return false;
    }
    bodyBytes = announcedBytes();
    start += Wire.HEADER_BYTES + bodyBytes;
    return true;
  }

  /** The type byte of the current frame; SPEC may not know it, but then it allows skipping it. */
  public int typeCode() {
    return buffer.get(start - bodyBytes - Wire.HEADER_BYTES + 2) & 0xFF;
  }

  /** The size of the current frame's body. */
  public int bodyBytes() {
    return bodyBytes;
  }

  /** The first byte of the current frame's body, or -1 when that is empty. */
  public int firstBodyByte() {
    return bodyBytes == 0 ? -1 : buffer.get(start - bodyBytes) & 0xFF;
  }

  /** A copy of the current frame's body. */
  public byte[] body() {
    byte[] copy = new byte[bodyBytes];
    buffer.get(start - bodyBytes, copy);
    return copy;
  }

  /**
   * The current frame as a record.
   *
   * @throws ProtocolException when its body breaks SPEC
   * @throws IllegalStateException when its type is one to be skipped
   */
  public Frame frame() throws ProtocolException {
    FrameType type = FrameType.of(typeCode());
    if (type == null) {
      throw new IllegalStateException("type " + typeCode() + " is to be skipped");
    }
    return FrameDecoder.decode(type, peer, new Body(buffer, start - bodyBytes, bodyBytes));
  }

  private int announcedBytes() {
    return buffer.getInt(start + 3);
  }

  private void judgeHeader(int available) throws ProtocolException {
    if (buffer.get(start) != (byte) (Wire.MAGIC >> 8)
        || (available > 1 && buffer.get(start + 1) != (byte) Wire.MAGIC)) {
      throw new ProtocolException(ErrorCode.BAD_MAGIC, "a frame starts with AB 12");
    }
    if (available > 2) {
      judgeType(buffer.get(start + 2) & 0xFF);
    }
    if (available >= Wire.HEADER_BYTES) {
      // Unsigned: a length over 2^31 is negative here.
      int length = announcedBytes();
      if (length < 0 || length > bodyBytesMax) {
        throw new ProtocolException(
            ErrorCode.FRAME_TOO_LARGE,
            "body of " + Integer.toUnsignedString(length) + " bytes, at most " + bodyBytesMax);
      }
    }
  }

  private void judgeType(int code) throws ProtocolException {
    FrameType type = FrameType.of(code);
    if (type == null && (code < Wire.SKIPPABLE_FIRST || code > Wire.SKIPPABLE_LAST)) {
      throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, String.format("type 0x%02X", code));
    }
    if (type != null && !type.sentBy(peer)) {
      throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, type + " from a " + peer);
    }
    if (peer == Role.SERVER) {
      // A client may meet ERROR or GOAWAY before its answer; its session judges the rest.
      return;
    }
    if (!registered && type != FrameType.REGISTER) {
      throw new ProtocolException(
          ErrorCode.UNEXPECTED_FRAME, (type == null ? "a frame" : type) + " before REGISTER");
    }
    if (registered && type == FrameType.REGISTER) {
      throw new ProtocolException(ErrorCode.ALREADY_REGISTERED, "a second REGISTER");
    }
  }

  private void moveToFront(int held) {
    if (held > 0) {
      buffer.put(0, buffer, start, held);
    }
    buffer.position(held);
    start = 0;
  }

  /**
   * Grows behind what did arrive (or waits in the kernel, or is expected), so that an announced
   * length alone costs nothing.
   */
  private void makeRoom(int held, int waitingBytes) {
    int frameBytes =
        held < Wire.HEADER_BYTES ? Wire.HEADER_BYTES : Wire.HEADER_BYTES + announcedBytes();
    // One byte more than what waits: who reads all of that does not fill it.
    int capacity =
        waitingBytes > 0
            ? Math.min(Math.max(frameBytes, BUSY_BYTES), held + Math.max(held, waitingBytes + 1))
            : Math.min(frameBytes, 2 * held);
    if (capacity > buffer.capacity()) {
      ByteBuffer larger = ByteBuffer.allocate(capacity);
      larger.put(0, buffer, start, held).position(held);
      buffer = larger;
      start = 0;
    }
  }
}
