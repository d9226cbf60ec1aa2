/** Client and server together: what a watch tells when things break. */
@NullMarked
package io.heartbus.watch;

import org.jspecify.annotations.NullMarked;
