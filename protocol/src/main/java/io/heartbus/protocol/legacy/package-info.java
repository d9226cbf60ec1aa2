/**
 * HBP/1 as bytes: the JSON frames of the PHP fleet that Heartbus still serves, for both ends. Knows
 * no sockets and no threads; {@code protocol/SPEC.md} §7 is its prose.
 */
@NullMarked
package io.heartbus.protocol.legacy;

import org.jspecify.annotations.NullMarked;
