/**
 * Random interleavings against a plain model: several nodes over real sockets, driven by one thread
 * and one seed, and everything that the server says is held against what it may say. The frames
 * here are put together and taken apart from the document of the protocol alone, not by the
 * project's codec.
 */
@NullMarked
package io.heartbus.server.interleaving;

import org.jspecify.annotations.NullMarked;
