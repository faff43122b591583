package eascmd;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;

/** One thread of user code: takes a request, calls Process, answers, for ever. */
final class ProcessorThread implements Runnable {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private final FrontAddress address;
  private final UserProcessor processor;

  ProcessorThread(FrontAddress address, UserProcessor processor) {
    this.address = address;
    this.processor = processor;
  }

  @Override
  public void run() {
    for (;;) {
      try (FrontConnection front = address.connect(1)) {
        for (;;) serve(front);
      } catch (ClosedByInterruptException interrupted) {
        // Other threads of user code may interrupt this one, which costs it the connection and nothing else.
        Thread.interrupted();
      } catch (IOException gone) {
        ProcessorHost.leave("the processor host is gone: " + gone.getMessage());
      } catch (RuntimeException | Error broken) {
        // A thread less, and then another, would be a service that hangs in the end.
        ProcessorHost.leave("a processor thread ended: " + broken);
      }
    }
  }

  private void serve(FrontConnection front) throws IOException {
    byte[] request = front.nextRequest();
    byte[] answer;
    int code = OK;
    try {
      answer = processor.process(request);
    } catch (InvocationTargetException wrapper) {
      answer = describe(wrapper.getCause()).getBytes(StandardCharsets.UTF_8);
      code = BAD_REQUEST;
    }
    // An interruption that user code left behind would close the connection.
    Thread.interrupted();
    front.answer(code, answer);
  }

  /** The body that tells of an exception (serving.md d.4), whose own methods may throw too. */
  private static String describe(Throwable thrown) {
    try {
      UserTrace.print(thrown);
      if (thrown instanceof LinkageError) return LinkageTrouble.explain(thrown);
      return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    } catch (Throwable again) {
      return thrown.getClass().getName();
    }
  }
}
