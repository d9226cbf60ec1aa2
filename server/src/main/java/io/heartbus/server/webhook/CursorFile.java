package io.heartbus.server.webhook;

import io.heartbus.server.presence.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a receiver is, as one line of a file: {@code EPOCH SEQ}. The file is replaced as a whole,
 * so that it is never half written; it may be older than the truth after a power cut, and then some
 * events are told again. One thread.
 */
final class CursorFile {
  private static final Pattern LINE = Pattern.compile("(\\S{1,64}) (\\d{1,18})\n");
  private static final int NAME_BYTES = 8;
  private static final long FILE_BYTES_MAX = 256;

  private final Path file;
  private final Path draft;

  /** The file of a receiver, named after what tells it from others: an address holds secrets. */
  CursorFile(Path dir, String identity) {
    String name = "webhook-" + digest(identity);
    this.file = dir.resolve(name + ".cursor");
    this.draft = dir.resolve(name + ".draft");
  }

  private static String digest(String identity) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /**
   * What the file says; null when there is none.
   *
   * @throws IOException when it cannot be read, or says nothing that makes sense
   */
  @Nullable LogPosition read() throws IOException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IOException(file + " is too long");
      }
      Matcher line = LINE.matcher(Files.readString(file));
      if (!line.matches()) {
        throw new IOException(file + " is damaged");
      }
      return new LogPosition(line.group(1), Long.parseLong(line.group(2)));
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** Whether there is one, whatever it says. */
  boolean exists() {
    return Files.exists(file);
  }

  /** Replaces what the file says. */
  void write(LogPosition position) throws IOException {
    Files.writeString(draft, position.epoch() + " " + position.seq() + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
