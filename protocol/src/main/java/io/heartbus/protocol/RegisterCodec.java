package io.heartbus.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Both layouts of REGISTER. A request is judged in the order of SPEC §3: version, sizes,
 * capabilities, node id, attributes, size of the secret; what comes after that needs more than the
 * bytes.
 */
final class RegisterCodec {
  private static final int REQUEST_FIXED_BYTES = 36;
  private static final int ANSWER_FIXED_BYTES = 48 + Wire.SESSION_TOKEN_BYTES;

  private RegisterCodec() {}

  static Frame.Register request(Body body) throws ProtocolException {
    int versionMax = body.u8();
    int versionMin = body.u8();
    judgeVersions(versionMax, versionMin);
    int flags = body.u16();
    int capabilities = body.bits32();
    Frame.Pace asked = FrameDecoder.pace(body);
    long initialCredit = body.u32();
    long frameBytesMax = body.u32();
    long instance = body.u64();
    long connectionSeq = body.u32();
    byte[] idBytes = body.bytes(body.u8());
    byte[] auth = body.bytes(body.u16());
    Body tlvs = body.part(body.u16());
    body.end();
    AttributesCodec cut = AttributesCodec.scan(tlvs);
    if (initialCredit < Wire.INITIAL_CREDIT_MIN || frameBytesMax < Wire.REGISTER_BODY_BYTES_MAX) {
      throw new ProtocolException(
          ErrorCode.PROTOCOL_ERROR, "init_credit is at least 1024, max_frame at least 4096");
    }
    if ((capabilities & Wire.CAPABILITY_CREDIT) == 0) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "capability CREDIT is required");
    }
    String nodeId = NodeId.decode(idBytes);
    if (nodeId == null) {
      throw new ProtocolException(
          ErrorCode.NODE_ID_INVALID, "1 to 128 bytes of UTF-8 without control characters");
    }
    Frame.Attributes attributes = cut.attributes();
    if (auth.length > Wire.AUTH_BYTES_MAX) {
      throw new ProtocolException(ErrorCode.AUTH_FAILED, "more than 2048 bytes of auth");
    }
    return new Frame.Register(
        versionMax,
        versionMin,
        flags,
        capabilities,
        asked,
        initialCredit,
        frameBytesMax,
        instance,
        connectionSeq,
        nodeId,
        auth,
        attributes);
  }

  private static void judgeVersions(int max, int min) throws ProtocolException {
    if (min > max || max < Wire.VERSION || min > Wire.VERSION) {
      throw new ProtocolException(
          ErrorCode.UNSUPPORTED_VERSION,
          "versions " + min + " to " + max + "; supported: " + Wire.VERSION);
    }
  }

  static byte[] write(Frame.Register register) {
    byte[] id = register.nodeId().getBytes(StandardCharsets.UTF_8);
    byte[] tlvs = AttributesCodec.write(register.attributes());
    byte[] auth = register.auth();
    int bytes = REQUEST_FIXED_BYTES + 1 + id.length + 2 + auth.length + 2 + tlvs.length;
    return BodyBuilder.frame(FrameType.REGISTER, bytes)
        .u8(register.versionMax())
        .u8(register.versionMin())
        .u16(register.flags())
        .bits32(register.capabilities())
        .u32(register.asked().intervalMs())
        .u32(register.asked().timeoutMs())
        .u32(register.initialCredit())
        .u32(register.frameBytesMax())
        .u64(register.instance())
        .u32(register.connectionSeq())
        .u8(id.length)
        .bytes(id)
        .u16(auth.length)
        .bytes(auth)
        .u16(tlvs.length)
        .bytes(tlvs)
        .array();
  }

  static Frame.Registered answer(Body body) throws ProtocolException {
    int version = body.u8();
    int flags = body.u8();
    int ackEvery = body.u8();
    body.u8();
    int capabilities = body.bits32();
    Frame.Pace pace = FrameDecoder.pace(body);
    long phaseMs = body.u32();
    long initialCredit = body.u32();
    long frameBytesMax = body.u32();
    long channelsMax = body.u32();
    long defaultChannel = body.u32();
    long connectionBudget = body.u32();
    long epoch = body.u64();
    byte[] token = body.bytes(Wire.SESSION_TOKEN_BYTES);
    AttributesCodec.scan(body.part(body.u16()));
    return new Frame.Registered(
        version,
        flags,
        ackEvery,
        capabilities,
        pace,
        phaseMs,
        initialCredit,
        frameBytesMax,
        channelsMax,
        defaultChannel,
        connectionBudget,
        epoch,
        token);
  }

  static byte[] write(Frame.Registered answer) {
    return BodyBuilder.frame(FrameType.REGISTER, ANSWER_FIXED_BYTES + 2)
        .u8(answer.version())
        .u8(answer.flags())
        .u8(answer.heartbeatAckEvery())
        .u8(0)
        .bits32(answer.capabilities())
        .u32(answer.pace().intervalMs())
        .u32(answer.pace().timeoutMs())
        .u32(answer.heartbeatPhaseMs())
        .u32(answer.initialCredit())
        .u32(answer.frameBytesMax())
        .u32(answer.channelsMax())
        .u32(answer.defaultChannel())
        .u32(answer.connectionBudget())
        .u64(answer.epoch())
        .bytes(answer.sessionToken())
        .u16(0)
        .array();
  }
}
