package eascmd;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Says that the main class is not there, and which classes of the package have the same name in another place. */
final class MissingClass {
  private static final String SUFFIX = ".class";

  private MissingClass() {}

  static String explain(String className) {
    String simple = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('/')) + 1);
    List<String> similar = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (part.endsWith(".jar")) addSimilar(part, simple, similar);
    }
    String hint = similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
    return "the package has no class " + className + " (processor_mainclass)" + hint;
  }

  private static void addSimilar(String jar, String simple, List<String> similar) {
    try (JarFile file = new JarFile(jar)) {
      for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
        String name = entries.nextElement().getName();
        boolean isSame = name.equals(simple + SUFFIX) || name.endsWith("/" + simple + SUFFIX);
        if (isSame) similar.add(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'));
      }
    } catch (IOException unreadable) {
      // A damaged jar says so by itself when its classes are loaded.
    }
  }
}
