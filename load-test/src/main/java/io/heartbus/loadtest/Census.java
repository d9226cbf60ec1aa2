package io.heartbus.loadtest;

/**
 * How many nodes are where, at one moment.
 *
 * @param undecided have not been let in yet, and may still be
 * @param connected were let in at least once
 * @param live are in now
 * @param failedInARow refusals since the last node was let in
 * @param owedBeats beats with an answer still to come
 * @param openingChannels channels that wait for the server's answer
 * @param owedMessages messages that are still to leave, or to come in
 */
record Census(
    int undecided,
    int connected,
    int live,
    int connections,
    int failedInARow,
    long owedBeats,
    long openingChannels,
    long owedMessages) {}
