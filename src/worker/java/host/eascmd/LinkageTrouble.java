package eascmd;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words what the JVM means when classes do not fit together. */
final class LinkageTrouble {
  private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)|version (\\d+)\\.");
  /** Java 8 writes class files of version 52, and each release counts on from there. */
  private static final int VERSION_OF_JAVA_0 = 44;

  private LinkageTrouble() {}

  static String explain(Throwable thrown) {
    String text = String.valueOf(thrown.getMessage());
    if (thrown instanceof UnsupportedClassVersionError) return newerJava(text);
    if (thrown instanceof ExceptionInInitializerError) return "a static initializer threw " + thrown.getCause();
    boolean isAbsent = thrown instanceof NoClassDefFoundError && text.matches("[\\w/$.]+");
    if (isAbsent) return "the class " + text.replace('/', '.') + " is missing: put the jar that holds it in lib/ of the package";
    return thrown.toString();
  }

  private static String newerJava(String text) {
    Matcher version = CLASS_FILE_VERSION.matcher(text);
    String here = System.getProperty("java.version") + " (" + System.getProperty("java.home") + ")";
    if (!version.find()) return text + "; this is Java " + here;
    int needed = Integer.parseInt(version.group(1) != null ? version.group(1) : version.group(2)) - VERSION_OF_JAVA_0;
    String name = text.split(" ", 2)[0].replace('/', '.');
    return name + " was compiled for Java " + needed + ", and this is Java " + here
        + ": set JAVA_HOME to a Java " + needed + " or newer, or compile for this one with javac --release";
  }
}
