package eascmd;

/** Why a processor can't be run, in words for its author; the cause is what the JVM or the processor threw. */
final class Complaint extends Exception {
  Complaint(String message, Throwable cause) {
    super(message, cause);
  }
}
