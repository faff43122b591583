package eascmd;

import java.io.IOException;

/** Ends the process when the front is gone, also while every other thread is deep in user code. */
final class FrontWatch implements Runnable {
  private final FrontAddress address;

  FrontWatch(FrontAddress address) {
    this.address = address;
  }

  @Override
  public void run() {
    try (FrontConnection front = address.connect(0)) {
      for (;;) front.nextRequest();
    } catch (IOException gone) {
      ProcessorHost.leave("the processor host is gone: " + gone.getMessage());
    }
  }
}
