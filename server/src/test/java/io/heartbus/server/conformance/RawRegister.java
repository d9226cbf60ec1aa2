package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A node's REGISTER, field by field as SPEC lays it out. Each one is another process at first. */
final class RawRegister {
  static final int TLV_METADATA = 1;
  static final int TLV_GROUP = 5;
  static final int TLV_LAST_EPOCH = 6;

  private static final AtomicLong INSTANCES = new AtomicLong(1L << 62);

  private int versionMax = 2;
  private int versionMin = 2;
  private int flags;
  private long capabilities = 1;
  private long intervalMs;
  private long timeoutMs;
  private long initialCredit = 65_536;
  private long frameBytesMax = 65_536;
  private long instance = INSTANCES.incrementAndGet();
  private long connectionSeq = 1;
  private byte[] id;
  private byte[] auth = {};
  private byte[] tlvs = {};

  private RawRegister(byte[] id) {
    this.id = id;
  }

  static RawRegister of(String id) {
    return new RawRegister(id.getBytes(StandardCharsets.UTF_8));
  }

  static RawRegister of(byte[] id) {
    return new RawRegister(id);
  }

  RawRegister versions(int max, int min) {
    versionMax = max;
    versionMin = min;
    return this;
  }

  RawRegister flags(int bits) {
    flags = bits;
    return this;
  }

  RawRegister capabilities(long bits) {
    capabilities = bits;
    return this;
  }

  /** The interval and timeout asked for; 0 leaves them to the server. */
  RawRegister asking(long interval, long timeout) {
    intervalMs = interval;
    timeoutMs = timeout;
    return this;
  }

  RawRegister initialCredit(long bytes) {
    initialCredit = bytes;
    return this;
  }

  RawRegister frameBytesMax(long bytes) {
    frameBytesMax = bytes;
    return this;
  }

  /** Which process of the node it is, and which of its connections. */
  RawRegister process(long number, long connection) {
    instance = number;
    connectionSeq = connection;
    return this;
  }

  RawRegister auth(byte[] secret) {
    auth = secret;
    return this;
  }

  RawRegister auth(String secret) {
    return auth(secret.getBytes(StandardCharsets.UTF_8));
  }

  RawRegister tlv(int type, byte[] value) {
    tlvs = join(tlvs, u16(type), u16(value.length), value);
    return this;
  }

  RawRegister metadata(String key, String value) {
    return tlv(TLV_METADATA, metadataValue(key, value));
  }

  static byte[] metadataValue(String key, String value) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    return join(u8(keyBytes.length), keyBytes, value.getBytes(StandardCharsets.UTF_8));
  }

  RawRegister lastEpoch(long epoch) {
    return tlv(TLV_LAST_EPOCH, u64(epoch));
  }

  byte[] body() {
    return body(id.length, auth.length, tlvs.length);
  }

  /** A body whose length fields may be lies. */
  byte[] body(int idLength, int authLength, int tlvLength) {
    return join(
        u8(versionMax),
        u8(versionMin),
        u16(flags),
        u32(capabilities),
        u32(intervalMs),
        u32(timeoutMs),
        u32(initialCredit),
        u32(frameBytesMax),
        u64(instance),
        u32(connectionSeq),
        u8(idLength),
        id,
        u16(authLength),
        auth,
        u16(tlvLength),
        tlvs);
  }

  byte[] frame() {
    return RawFrame.of(RawFrame.REGISTER, body());
  }
}
