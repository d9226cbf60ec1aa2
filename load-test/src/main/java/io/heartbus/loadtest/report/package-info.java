/**
 * The report for people: one HTML file, drawn from the JSON report and from nothing else. All of it
 * is pure. A number that is not known is NaN here, and a dash on the page.
 */
@NullMarked
package io.heartbus.loadtest.report;

import org.jspecify.annotations.NullMarked;
