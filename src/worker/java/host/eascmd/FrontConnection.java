package eascmd;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection to the front, speaking the frames of core/frames.ts; for one thread at a time. */
final class FrontConnection implements Closeable {
  private static final int HEADER_BYTES = 12;
  private static final int HELLO = 0;
  private static final int REQUEST = 1;
  private static final int RESPONSE = 2;
  private static final int PROTOCOL_VERSION = 1;
  private static final int PAYLOAD_TOO_LARGE = 413;
  private static final int BUFFER_BYTES = 128 * 1024;

  private final SocketChannel channel;
  /** Direct, and never longer: the JDK would keep a copy outside the heap as large as the largest buffer it saw. */
  private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer output = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private int id;

  FrontConnection(SocketChannel channel) {
    this.channel = channel;
    input.flip();
  }

  void sayHello(String json) throws IOException {
    write(HELLO, PROTOCOL_VERSION, json.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits for a request and returns its body. One that could fill the heap by itself is refused here. */
  byte[] nextRequest() throws IOException {
    for (;;) {
      fill(HEADER_BYTES);
      int size = input.getInt();
      int kind = input.get();
      input.get();
      input.getShort();
      id = input.getInt();
      long mostBytes = Runtime.getRuntime().maxMemory() / 2;
      if (kind == REQUEST && size <= mostBytes) return take(new byte[size]);
      skip(size);
      if (kind == REQUEST) {
        String text = "the heap of " + mostBytes * 2 + " bytes has no room for a request of " + size;
        answer(PAYLOAD_TOO_LARGE, text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Answers the request that came last. */
  void answer(int code, byte[] body) throws IOException {
    write(RESPONSE, code, body);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void write(int kind, int code, byte[] payload) throws IOException {
    output.clear();
    output.putInt(payload.length).put((byte) kind).put((byte) 0).putShort((short) code).putInt(id);
    int sent = 0;
    do {
      int count = Math.min(output.remaining(), payload.length - sent);
      output.put(payload, sent, count);
      sent += count;
      output.flip();
      while (output.hasRemaining()) channel.write(output);
      output.clear();
    } while (sent < payload.length);
  }

  private byte[] take(byte[] body) throws IOException {
    for (int taken = 0; taken < body.length; ) {
      fill(1);
      int count = Math.min(input.remaining(), body.length - taken);
      input.get(body, taken, count);
      taken += count;
    }
    return body;
  }

  private void skip(int size) throws IOException {
    for (int left = size; left > 0; ) {
      fill(1);
      int count = Math.min(input.remaining(), left);
      input.position(input.position() + count);
      left -= count;
    }
  }

  /** Reads until at least `count` bytes are there. */
  private void fill(int count) throws IOException {
    if (input.remaining() >= count) return;
    input.compact();
    while (input.position() < count) {
      if (channel.read(input) < 0) throw new EOFException("the front closed the connection");
    }
    input.flip();
  }
}
