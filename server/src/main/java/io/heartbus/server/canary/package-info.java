/** Nodes that the server runs itself, over the network, to see what nodes see. */
@NullMarked
package io.heartbus.server.canary;

import org.jspecify.annotations.NullMarked;
