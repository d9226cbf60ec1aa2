package io.heartbus.protocol;

/** Which end of a connection a peer is. */
public enum Role {
  NODE,
  SERVER
}
