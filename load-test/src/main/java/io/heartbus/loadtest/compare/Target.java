package io.heartbus.loadtest.compare;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server that runs on this machine. */
record Target(Peer peer, InetSocketAddress address, ServerProcess process) {
  /** One that listens on loopback. */
  static Target local(Peer peer, int port, long pid) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Target(peer, address, new ServerProcess(pid));
  }
}
