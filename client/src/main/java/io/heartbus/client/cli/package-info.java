/**
 * The command line of the client: a node from the shell, messages, and what the server's HTTP
 * interface tells. Only {@link io.heartbus.client.cli.ClientMain} ends the process.
 */
@NullMarked
package io.heartbus.client.cli;

import org.jspecify.annotations.NullMarked;
