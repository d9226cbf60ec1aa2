package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Stages.Stage;

/**
 * How a run goes at one moment, since its begin. Immutable, so that another thread may make a line
 * of it.
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
    Latencies beatLatencies,
    Latencies lag) {}
