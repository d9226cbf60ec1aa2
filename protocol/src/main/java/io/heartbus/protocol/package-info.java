/**
 * HBP/2 as bytes: frames, their codec, error codes and limits. Knows no sockets and no threads;
 * {@code protocol/SPEC.md} is its prose.
 */
@NullMarked
package io.heartbus.protocol;

import org.jspecify.annotations.NullMarked;
