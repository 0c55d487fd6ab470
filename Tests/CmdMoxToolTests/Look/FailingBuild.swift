import Testing

extension Workspace {
  /// Records a build whose second source does not compile.
  func failingBuild(_ mode: String = "trace") throws {
    try write("good.c", "int good(void) { return 0; }\n")
    try write("bad.c", "int bad(void) { return }\n")
    try write(
      "Makefile",
      """
      nothing := $(shell cat nowhere 2>/dev/null)
      all: good.o bad.o
      %.o: %.c
      \t@grep -q nothing $< || true
      \tgcc -c -o $@ $<; test $$? = 0

      """)
    let result = try cmdmox(mode, "-q", "--", "make").run()
    #expect(result.status == 2, "\(result.errorText)")
  }

  /// What a terminal of a number of columns gets to see of a shell script.
  func onTerminal(columns: Int = 80, _ script: String) throws -> String {
    let command = Command(
      "script", "-qec", "stty cols \(columns); \(script)", "/dev/null",
      environment: ["TERM": "xterm", "NO_COLOR": nil, "LESS": nil], in: path)
    return try command.run().outputText
  }
}
