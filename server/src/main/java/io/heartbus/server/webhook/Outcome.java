package io.heartbus.server.webhook;

/**
 * What became of one try.
 *
 * @param what the answer, or why there is none; for people
 */
record Outcome(DeliveryResult result, String what) {
  boolean taken() {
    return result == DeliveryResult.TAKEN;
  }
}
