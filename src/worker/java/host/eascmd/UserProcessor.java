package eascmd;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;

/**
 * The user's class (serving.md d.4): constructor (String modelEntry, String modelConfig), Load(), and
 * byte[] Process(byte[]) or String Process(String). Threads call `process` at once.
 */
final class UserProcessor {
  private static final byte[] NOTHING = new byte[0];

  private final Object instance;
  private final Method process;
  private final boolean takesText;

  private UserProcessor(Object instance, Method process) {
    this.instance = instance;
    this.process = process;
    this.takesText = process.getParameterTypes()[0] == String.class;
  }

  /** Constructs and loads the user's object; throws Complaint that says which step failed. */
  static UserProcessor load(String className, String modelEntry, String modelConfig) throws Complaint {
    String step = "loading the class " + className;
    try {
      Class<?> type = Class.forName(className);
      Method process = processMethod(type);
      Method load = find(type, "Load");
      if (load == null) throw new Complaint(className + " has no method Load()" + otherCase(type, "load"), null);
      Constructor<?> constructor = constructor(type);
      step = "the constructor of " + className;
      Object instance = constructor.newInstance(modelEntry, modelConfig);
      step = className + ".Load()";
      load.invoke(instance);
      return new UserProcessor(instance, process);
    } catch (InvocationTargetException wrapper) {
      throw trouble(step, wrapper.getCause());
    } catch (ClassNotFoundException absent) {
      throw new Complaint(MissingClass.explain(className), null);
    } catch (ReflectiveOperationException | LinkageError thrown) {
      throw trouble(step, thrown);
    }
  }

  /** What Process answers; nothing for null. Throws what it throws, wrapped. */
  byte[] process(byte[] request) throws InvocationTargetException {
    Object argument = request;
    if (takesText) argument = new String(request, StandardCharsets.UTF_8);
    Object answer;
    try {
      answer = process.invoke(instance, argument);
    } catch (IllegalAccessException impossible) {
      throw new InvocationTargetException(impossible);
    }
    if (answer instanceof byte[]) return (byte[]) answer;
    return answer == null ? NOTHING : answer.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Method processMethod(Class<?> type) throws Complaint {
    Method process = find(type, "Process", byte[].class);
    if (process == null) process = find(type, "Process", String.class);
    if (process == null) {
      String wanted = " has no method byte[] Process(byte[]) and no String Process(String)";
      throw new Complaint(type.getName() + wanted + otherCase(type, "process"), null);
    }
    Class<?> answer = process.getReturnType();
    if (answer == byte[].class || answer == String.class) return process;
    String message = type.getName() + ".Process must return byte[] or String, not " + answer.getName();
    throw new Complaint(message, null);
  }

  private static Constructor<?> constructor(Class<?> type) throws Complaint {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(String.class, String.class);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException absent) {
      String wanted = " has no constructor (String modelEntry, String modelConfig)";
      throw new Complaint(type.getName() + wanted, null);
    }
  }

  /** A method of the class or of those above it, public or not; null when there is none. */
  private static Method find(Class<?> type, String name, Class<?>... parameters) {
    for (Class<?> level = type; level != null; level = level.getSuperclass()) {
      try {
        Method method = level.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
      } catch (NoSuchMethodException absent) {
        // Perhaps a class above has it.
      }
    }
    return null;
  }

  private static String otherCase(Class<?> type, String name) {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name)) return "; it has " + name + ", but the name begins with a capital letter";
    }
    return "";
  }

  private static Complaint trouble(String step, Throwable thrown) {
    String what = thrown instanceof LinkageError ? LinkageTrouble.explain(thrown) : String.valueOf(thrown);
    return new Complaint(step + " failed: " + what, thrown);
  }
}
