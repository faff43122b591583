// Answers every request with its own body: the smallest Java processor of PAI-EAS.
//
//   javac --release 8 -d classes Echo.java
//   jar cf echo.jar -C classes .
package com.example;

public class Echo {
  public Echo(String modelEntry, String modelConfig) {}

  /** Called once, before the first request; what it throws stops the service from starting. */
  public void Load() {}

  /** Called by several threads at once; the message of what it throws is answered with status 400. */
  public byte[] Process(byte[] input) {
    return input;
  }
}
