/** Figures counted on hot paths and read at scrape time. Ground floor: knows no other room. */
@NullMarked
package io.heartbus.server.metrics;

import org.jspecify.annotations.NullMarked;
