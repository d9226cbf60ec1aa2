package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Stages.Stage;

/**
 * How a run goes at one moment, since its begin. Immutable, so that another thread may make a line
 * of it.
 *
 * @param messages that have left
 * @param received messages that have come in
 */
record Snapshot(
    long atNanos,
    Stage stage,
    int nodes,
    int live,
    int failed,
    int lost,
    long beats,
    long messages,
    long received,
    Latencies beatLatencies,
    Latencies messageLatencies,
    Latencies lag) {}
