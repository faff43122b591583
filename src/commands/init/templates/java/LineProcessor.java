package com.example;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * A Java processor of PAI-EAS. The example model is a line, y = w * x + b; a request is whole numbers x, parted by
 * spaces, and the answer is their y. Replace Load and Process with your own.
 */
public class LineProcessor {
  private final Path model;
  private long w;
  private long b;

  /** modelEntry is the path of the model's file, modelConfig the text of "model_config" in service.json. */
  public LineProcessor(String modelEntry, String modelConfig) {
    model = Paths.get(modelEntry);
  }

  /** Called once, before the first request; what it throws stops the service from starting. */
  public void Load() throws IOException {
    String[] words = new String(Files.readAllBytes(model), StandardCharsets.UTF_8).trim().split("\\s+");
    w = Long.parseLong(words[0]);
    b = Long.parseLong(words[1]);
  }

  /** Called by several threads at once. What it throws is answered with status 400 and its message. */
  public String Process(String request) {
    StringBuilder answer = new StringBuilder();
    for (String word : request.trim().split("\\s+")) {
      if (word.isEmpty()) continue;
      if (answer.length() > 0) answer.append(' ');
      answer.append(w * number(word) + b);
    }
    return answer.toString();
  }

  private static long number(String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException cause) {
      throw new IllegalArgumentException("not a whole number: " + word, cause);
    }
  }
}
