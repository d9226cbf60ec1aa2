package io.heartbus.client.cli;

import io.heartbus.protocol.FrameLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a command reads and writes: one line per thing that happened, nothing in it that could
 * forge another line or speak to the terminal. Any thread.
 */
final class Terminal {
  private final InputStream in;
  private final PrintStream out;
  private final ReentrantLock lock = new ReentrantLock();

  Terminal(InputStream in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Prints one line.
   *
   * @throws NobodyReads when the other end of the pipe is closed, as behind {@code | head}
   */
  void line(String text) throws NobodyReads {
    lock.lock();
    try {
      out.println(FrameLog.escape(text));
      if (out.checkError()) {
        throw new NobodyReads();
      }
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #line}, where somebody else will notice that nobody reads any more. */
  void note(String text) {
    try {
      line(text);
    } catch (NobodyReads e) {
      // Whoever prints the next message ends the command.
    }
  }

  /** Prints as it is, for what moves the cursor. */
  void raw(String text) {
    out.print(text);
    out.flush();
  }

  /** The message that an argument stands for: itself, or all of standard input for a {@code -}. */
  byte[] message(String argument) throws IOException {
    return argument.equals("-") ? in.readAllBytes() : argument.getBytes(StandardCharsets.UTF_8);
  }

  /** What a command prints is wanted no more: it is done, and all is well. */
  static final class NobodyReads extends IOException {
    private static final long serialVersionUID = 1;

    NobodyReads() {
      super("nobody reads standard output any more");
    }
  }

  /** A message as text: what is no UTF-8 is shown byte by byte. */
  static String text(byte[] message) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder();
      for (byte b : message) {
        text.append(b >= ' ' && b < 0x7F ? String.valueOf((char) b) : String.format("\\x%02X", b));
      }
      return text.toString();
    }
  }
}
