import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The peer of the java echo: the JDK's own HttpServer with as many threads; prints the port it took. */
public class Peer {
  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 1024);
    server.setExecutor(Executors.newFixedThreadPool(Integer.parseInt(arguments[0])));
    server.createContext("/", exchange -> {
      byte[] body = readAll(exchange.getRequestBody());
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static byte[] readAll(InputStream stream) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    for (int count = stream.read(part); count >= 0; count = stream.read(part)) all.write(part, 0, count);
    return all.toByteArray();
  }
}
