package io.heartbus.server.channel;

/**
 * Which handler gets the channels of that name, and with what bounds.
 *
 * @param match a name; {@code *} in it stands for any characters
 * @param handler a built-in one ({@code echo}, {@code discard}, ...) or the name of a class
 * @param queueMessagesMax how many messages may wait for one receiver
 * @param overflow what happens when they are more
 * @param messageBytesMax the largest message, and the bytes that may wait for one receiver
 */
public record Route(
    String match, String handler, int queueMessagesMax, Overflow overflow, int messageBytesMax) {
  /** How many messages may wait for one receiver. */
  int waitingMessagesMax() {
    return overflow == Overflow.LATEST ? 1 : queueMessagesMax;
  }
}
