/** What people, scripts and monitors see of the server: metrics, the API and a page. */
@NullMarked
package io.heartbus.server.http;

import org.jspecify.annotations.NullMarked;
