/** The examples of README that need a server and a client, compiled and run. */
@NullMarked
package io.heartbus.example;

import org.jspecify.annotations.NullMarked;
