import java.io.File;
import java.util.Map;

/** What Java does with processes; leaves with status 5. */
class Processes {
  static void run(String label, Map<String, String> environment, String... words) throws Exception {
    try {
      var builder = new ProcessBuilder(words);
      if (environment != null) {
        builder.environment().clear();
        builder.environment().putAll(environment);
      }
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes());
      System.out.println(label + ": " + process.waitFor() + " [" + output.strip() + "]");
    } catch (java.io.IOException error) {
      System.out.println(label + ": cannot run");
    }
  }

  public static void main(String[] arguments) throws Exception {
    run("output", null, "echo", "one", "");
    run("status", null, "sh", "-c", "exit 3");
    run("signal", null, "sh", "-c", "kill -9 $$");
    run("empty environment", Map.of(), "/usr/bin/env");
    run("environment", Map.of("A", "1"), "/usr/bin/env");
    run("not found", null, "no-such-program-anywhere");
    var threads = new Thread[6];
    for (int i = 0; i < threads.length; i++) {
      var number = 20 + i;
      threads[i] = new Thread(() -> {
        try {
          var status = new ProcessBuilder("sh", "-c", "exit " + number).start().waitFor();
          if (status != number) System.out.println("wrong: " + status);
        } catch (Exception error) {
          System.out.println(error);
        }
      });
      threads[i].start();
    }
    for (var thread : threads) thread.join();
    System.exit(5);
  }
}
