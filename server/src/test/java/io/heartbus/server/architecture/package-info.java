/** The floors of the house, held by a machine. */
@NullMarked
package io.heartbus.server.architecture;

import org.jspecify.annotations.NullMarked;
