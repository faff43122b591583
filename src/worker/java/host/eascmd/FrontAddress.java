package eascmd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Where the front listens: a Unix-domain socket, or a loopback port for a JVM before 16, which has no such sockets. */
final class FrontAddress {
  private final SocketAddress address;
  private final String secret;
  private final int threads;

  private FrontAddress(SocketAddress address, String secret, int threads) {
    this.address = address;
    this.secret = secret;
    this.threads = threads;
  }

  static FrontAddress fromEnvironment(int threads) throws IOException {
    String port = System.getenv("EASCMD_PROCESSOR_PORT");
    SocketAddress address =
        port != null
            ? new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(port))
            : unixAddress(System.getenv("EASCMD_PROCESSOR_SOCKET"));
    return new FrontAddress(address, System.getenv("EASCMD_PROCESSOR_SECRET"), threads);
  }

  /** A connection that takes `window` requests at once; 0 takes none. */
  FrontConnection connect(int window) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    if (address instanceof InetSocketAddress) channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    FrontConnection connection = new FrontConnection(channel);
    connection.sayHello(
        "{\"role\":\"processor\",\"secret\":\"" + secret + "\",\"threads\":" + threads + ",\"window\":" + window + "}");
    return connection;
  }

  /** By reflection, since this class also runs where the type does not exist. */
  private static SocketAddress unixAddress(String path) throws IOException {
    try {
      Class<?> type = Class.forName("java.net.UnixDomainSocketAddress");
      return (SocketAddress) type.getMethod("of", String.class).invoke(null, path);
    } catch (ReflectiveOperationException absent) {
      throw new IOException("this JVM has no Unix-domain sockets", absent);
    }
  }
}
