package io.heartbus.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The TLVs of REGISTER. Reading takes two steps, because SPEC §3 judges the sizes of a REGISTER
 * long before its texts: {@link #scan} cuts the list, {@link #attributes} reads what was cut.
 */
final class AttributesCodec {
  private final List<Entry> entries = new ArrayList<>();
  private final List<Body> groups = new ArrayList<>();
  private @Nullable Long lastEpoch;
  private @Nullable Long offlineDelaySeconds;

  private record Entry(Body key, Body value) {}

  private AttributesCodec() {}

  static AttributesCodec scan(Body tlvs) throws ProtocolException {
    AttributesCodec codec = new AttributesCodec();
    while (tlvs.remaining() > 0) {
      int type = tlvs.u16();
      codec.add(type, tlvs.part(tlvs.u16()));
    }
    return codec;
  }

  private void add(int type, Body value) throws ProtocolException {
    switch (type) {
      case Wire.TLV_METADATA -> entries.add(new Entry(value.part(value.u8()), value));
      case Wire.TLV_GROUP -> groups.add(value);
      case Wire.TLV_OFFLINE_DELAY -> {
        long seconds = value.u32();
        value.end();
        offlineDelaySeconds = offlineDelaySeconds == null ? (Long) seconds : offlineDelaySeconds;
      }
      case Wire.TLV_LAST_EPOCH -> {
        long epoch = value.u64();
        value.end();
        lastEpoch = lastEpoch == null ? (Long) epoch : lastEpoch;
      }
      default -> {
        // A TLV of a later version, or of a capability we do not offer.
      }
    }
  }

  /** The values, the first of each; texts of the others have to be texts nevertheless. */
  Frame.Attributes attributes() throws ProtocolException {
    Map<String, String> metadata = new HashMap<>();
    for (Entry entry : entries) {
      metadata.putIfAbsent(entry.key().text(), entry.value().text());
    }
    String group = null;
    for (Body body : groups) {
      String text = body.text();
      group = group == null ? text : group;
    }
    if (lastEpoch != null && (lastEpoch < 0 || lastEpoch > Wire.LAST_EPOCH_MAX)) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "last epoch over 2^53 - 2^32");
    }
    if (metadata.isEmpty() && group == null && lastEpoch == null && offlineDelaySeconds == null) {
      return Frame.Attributes.NONE;
    }
    return new Frame.Attributes(Map.copyOf(metadata), group, lastEpoch, offlineDelaySeconds);
  }

  /** The TLVs in the order of their types, metadata sorted: equal attributes give equal bytes. */
  static byte[] write(Frame.Attributes attributes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TreeMap<>(attributes.metadata())
        .forEach((key, value) -> put(out, Wire.TLV_METADATA, metadata(key, value)));
    Long delay = attributes.offlineDelaySeconds();
    if (delay != null) {
      put(out, Wire.TLV_OFFLINE_DELAY, BodyBuilder.part(4).u32(delay).array());
    }
    String group = attributes.group();
    if (group != null) {
      put(out, Wire.TLV_GROUP, group.getBytes(StandardCharsets.UTF_8));
    }
    Long epoch = attributes.lastEpoch();
    if (epoch != null) {
      put(out, Wire.TLV_LAST_EPOCH, BodyBuilder.part(8).u64(epoch).array());
    }
    return out.toByteArray();
  }

  private static byte[] metadata(String key, String value) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    return BodyBuilder.part(1 + keyBytes.length + valueBytes.length)
        .u8(keyBytes.length)
        .bytes(keyBytes)
        .bytes(valueBytes)
        .array();
  }

  private static void put(ByteArrayOutputStream out, int type, byte[] value) {
    out.writeBytes(BodyBuilder.part(4).u16(type).u16(value.length).array());
    out.writeBytes(value);
  }
}
