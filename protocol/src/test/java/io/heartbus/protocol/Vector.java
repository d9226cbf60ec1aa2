package io.heartbus.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A golden vector: one file of {@code vectors/}, in the format that SPEC §8 documents. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares vectors
public record Vector(String name, Map<String, String> head, byte[] bytes) {
  private static final HexFormat HEX = HexFormat.of();

  /** Every vector of that version, by name. */
  public static List<Vector> of(String version) {
    return all().filter(vector -> vector.is("version", version)).toList();
  }

  /** Every vector, by name. */
  public static Stream<Vector> all() {
    try (Stream<Path> files = Files.list(directory())) {
      return files.sorted().map(Vector::read).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The vector of that name. */
  public static Vector named(String name) {
    return read(directory().resolve(name + ".hex"));
  }

  public boolean is(String key, String value) {
    return value.equals(head.get(key));
  }

  /** What the bytes are: a frame, skipped, or the name of the code that refuses them. */
  public String outcome() {
    return head.get("outcome");
  }

  /** Whether an encoder that is given the frame writes these very bytes. */
  public boolean encodes() {
    return is("encodes", "yes");
  }

  public Role sender() {
    return is("from", "node") ? Role.NODE : Role.SERVER;
  }

  public boolean registered() {
    return is("state", "registered");
  }

  /** Reads the frames in the vector's bytes as its receiver would. */
  FrameStream read() {
    return stream().feed(bytes);
  }

  /** A receiver in the state that the vector asks for. */
  FrameStream stream() {
    return new FrameStream(sender(), registered());
  }

  @Override
  public String toString() {
    return name;
  }

  private static Path directory() {
    try {
      return Path.of(Vector.class.getResource("/vectors").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Vector read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      int blank = lines.indexOf("");
      Map<String, String> head = new TreeMap<>();
      for (String line : lines.subList(0, blank)) {
        int colon = line.indexOf(": ");
        head.put(line.substring(0, colon), line.substring(colon + 2));
      }
      List<String> hex = new ArrayList<>();
      for (String line : lines.subList(blank + 1, lines.size())) {
        int comment = line.indexOf(';');
        hex.add((comment < 0 ? line : line.substring(0, comment)).replace(" ", ""));
      }
      String name = file.getFileName().toString().replace(".hex", "");
      if (!name.equals(head.get("name"))) {
        throw new IllegalStateException(file + " calls itself " + head.get("name"));
      }
      return new Vector(name, head, HEX.parseHex(String.join("", hex)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
