package io.heartbus.client;

/**
 * A channel's place on one connection. A channel that survives a reconnect gets another one;
 * whoever still holds the old one finds out by comparing.
 */
final class Link {
  final Connection connection;
  final long id;

  /** Guarded by the channel's lock. */
  final SendCredit credit;

  /** False when the other side opened the channel only to send. */
  final boolean sendable;

  Link(Connection connection, long id, long initialCredit, boolean sendable) {
    this.connection = connection;
    this.id = id;
    this.credit = new SendCredit(initialCredit);
    this.sendable = sendable;
  }

  Outbox outbox() {
    return connection.outbox();
  }

  /** The largest payload that one frame may carry. */
  int payloadMax() {
    return connection.payloadMax();
  }
}
