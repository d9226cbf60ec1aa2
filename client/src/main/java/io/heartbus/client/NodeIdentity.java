package io.heartbus.client;

import io.heartbus.protocol.NodeId;
import io.heartbus.protocol.Wire;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a node is: what it tells about itself when it registers. All of it together has to fit into
 * one REGISTER of {@value Wire#REGISTER_BODY_BYTES_MAX} bytes.
 *
 * @param nodeId 1 to 128 bytes of UTF-8 without control characters; one live node per id
 * @param metadata what else the server should know, in this order; keys of at most 255 bytes
 * @param group a label such as a zone or a rack, or null
 * @param token the secret that the server asks for, or null; at most 2048 bytes, never logged
 */
public record NodeIdentity(
    String nodeId, Map<String, String> metadata, @Nullable String group, @Nullable String token) {
  private static final int METADATA_KEY_BYTES_MAX = 255;

  /** The fixed fields of REGISTER, its three lengths, and the last epoch that a reconnect adds. */
  private static final int FIXED_BYTES = 36 + 1 + 2 + 2 + 12;

  private static final int TLV_HEADER_BYTES = 4;

  /**
   * @throws IllegalArgumentException naming the value that SPEC does not allow
   */
  public NodeIdentity {
    if (!NodeId.isLegal(nodeId)) {
      throw new IllegalArgumentException(
          "nodeId: \"" + nodeId + "\" is not 1 to 128 bytes of UTF-8 without control characters");
    }
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    int bytes = FIXED_BYTES + bytes("nodeId", nodeId);
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      int keyBytes = bytes("metadata", entry.getKey());
      if (keyBytes > METADATA_KEY_BYTES_MAX) {
        throw new IllegalArgumentException(
            "metadata: the key \"" + entry.getKey() + "\" is longer than 255 bytes");
      }
      bytes += TLV_HEADER_BYTES + 1 + keyBytes + bytes("metadata", entry.getValue());
    }
    if (group != null) {
      bytes += TLV_HEADER_BYTES + bytes("group", group);
    }
    if (token != null) {
      int tokenBytes = bytes("token", token);
      if (tokenBytes > Wire.AUTH_BYTES_MAX) {
        throw new IllegalArgumentException(
            "token: " + tokenBytes + " bytes, at most " + Wire.AUTH_BYTES_MAX);
      }
      bytes += tokenBytes;
    }
    if (bytes > Wire.REGISTER_BODY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "metadata: with node id, group and token it takes "
              + bytes
              + " bytes, at most "
              + Wire.REGISTER_BODY_BYTES_MAX);
    }
  }

  NodeIdentity withNodeId(String value) {
    return new NodeIdentity(value, metadata, group, token);
  }

  NodeIdentity withMetadata(Map<String, String> value) {
    return new NodeIdentity(nodeId, value, group, token);
  }

  NodeIdentity withGroup(@Nullable String value) {
    return new NodeIdentity(nodeId, metadata, value, token);
  }

  NodeIdentity withToken(@Nullable String value) {
    return new NodeIdentity(nodeId, metadata, group, value);
  }

  private static int bytes(String field, String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(field + ": half a surrogate pair is no text", e);
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "NodeIdentity[nodeId="
        + nodeId
        + ", metadata="
        + metadata
        + ", group="
        + group
        + ", token="
        + (token == null ? "none" : "(hidden)")
        + "]";
  }
}
