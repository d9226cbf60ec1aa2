/** Pure judgement of silence, and the clock that it is measured with. Time is a parameter. */
@NullMarked
package io.heartbus.server.liveness;

import org.jspecify.annotations.NullMarked;
