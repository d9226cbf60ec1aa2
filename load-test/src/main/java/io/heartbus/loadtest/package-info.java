/**
 * The load test: a fleet of simulated nodes over real TCP, driven by one selector thread, measured
 * from the intended times. {@link io.heartbus.loadtest.Fleet} waits; everything that judges or
 * counts is handed the time.
 */
@NullMarked
package io.heartbus.loadtest;

import org.jspecify.annotations.NullMarked;
