/**
 * SPEC, read by a sceptic: peers that talk to a real server over real sockets. The numbers of rows
 * are those of the table of conformance cases.
 */
@NullMarked
package io.heartbus.server.conformance;

import org.jspecify.annotations.NullMarked;
