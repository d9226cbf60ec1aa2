/** Tests of the load test; the servers in them are scripts. */
@NullMarked
package io.heartbus.loadtest;

import org.jspecify.annotations.NullMarked;
