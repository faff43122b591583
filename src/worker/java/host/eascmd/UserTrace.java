package eascmd;

import java.util.Arrays;

/** Prints what user code threw, up to where this host called it: what lies beneath tells its author nothing. */
final class UserTrace {
  /** A chain of causes may be a ring. */
  private static final int DEEPEST_CAUSE = 50;

  private UserTrace() {}

  static void print(Throwable thrown) {
    Throwable level = thrown;
    for (int depth = 0; level != null && depth < DEEPEST_CAUSE; depth++) {
      level.setStackTrace(above(level.getStackTrace()));
      level = level.getCause();
    }
    thrown.printStackTrace();
  }

  private static StackTraceElement[] above(StackTraceElement[] frames) {
    int count = frames.length;
    while (count > 0 && isOurs(frames[count - 1].getClassName())) count--;
    // All of it is ours when the JVM refused a class before any of its code ran.
    return count == 0 ? frames : Arrays.copyOf(frames, count);
  }

  private static boolean isOurs(String name) {
    return name.startsWith("eascmd.")
        || name.startsWith("java.lang.reflect.")
        || name.startsWith("jdk.internal.reflect.")
        || name.startsWith("sun.reflect.")
        || name.startsWith("java.lang.invoke.")
        || name.equals("java.lang.Thread");
  }
}
