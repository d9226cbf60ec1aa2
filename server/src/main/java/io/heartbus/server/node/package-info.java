/** Who is here: the node table, its order, and the sweep that judges it. */
@NullMarked
package io.heartbus.server.node;

import org.jspecify.annotations.NullMarked;
