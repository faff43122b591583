package eascmd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;

/**
 * Runs a Java processor: constructor, Load, then Process on as many threads as the task says, each with a connection
 * of its own to the front. Its one argument is the file that holds the task (launch.ts). Exit code 1: not loaded.
 */
public final class ProcessorHost {
  private static final int FIELDS = 4;

  private ProcessorHost() {}

  public static void main(String[] arguments) throws IOException {
    String task = new String(Files.readAllBytes(Paths.get(arguments[0])), StandardCharsets.UTF_8);
    // The last field is text of the user's own, which may hold anything.
    String[] fields = task.split("\0", FIELDS);
    int threads = Integer.parseInt(fields[0]);
    Runtime.getRuntime().addShutdownHook(new ExitNotice());
    FrontAddress front = FrontAddress.fromEnvironment(threads);
    start(new FrontWatch(front), "front-watch", true);
    UserProcessor processor = load(fields[1], fields[2], fields[3]);
    for (int number = 1; number <= threads; number++) {
      start(new ProcessorThread(front, processor), "processor-" + number, false);
    }
  }

  private static UserProcessor load(String mainClass, String modelEntry, String modelConfig) {
    try {
      return UserProcessor.load(mainClass, modelEntry, modelConfig);
    } catch (Complaint complaint) {
      // The last lines are what people see first.
      if (complaint.getCause() != null) UserTrace.print(complaint.getCause());
      leave(complaint.getMessage());
      return null;
    }
  }

  private static void start(Runnable work, String name, boolean isDaemon) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(isDaemon);
    thread.start();
  }

  /** Ends the process at once; shutdown hooks of user code could hang. */
  static void leave(String reason) {
    System.out.flush();
    System.err.println(reason);
    System.err.flush();
    Runtime.getRuntime().halt(1);
  }
}
