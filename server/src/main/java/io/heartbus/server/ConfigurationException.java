package io.heartbus.server;

/**
 * A configuration that the server cannot run with. The message is one line for the person who wrote
 * it: where, which key, its value, and what is allowed.
 */
public final class ConfigurationException extends RuntimeException {
  ConfigurationException(String message) {
    super(message.replaceAll("\\s*\\R\\s*", " "));
  }
}
