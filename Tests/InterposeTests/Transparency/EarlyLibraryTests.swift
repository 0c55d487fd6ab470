import Testing

/// Other libraries' constructors can call hooked functions before ours has run.
@Suite("Libraries whose constructors call hooked functions")
struct EarlyLibraryTests {
  private static func started(by parent: String) -> [String] {
    [
      "show 'early posix_spawn' exit=3 | exited 3 | < \(parent)",
      "show 'early execve' exit=3 | exited 3 | < \(parent)",
      "sh -c 'exit 4' | exited 4 | < \(parent)", "sh -c 'exit 5' | exited 5 | < \(parent)",
    ]
  }

  @Test("A library that the root needs")
  func neededByRoot() throws {
    var program = try TracedProgram(caller: "needs_early")
    program.environment = ["EARLY": "1", "SHOW": try Callers.path("show")]
    let outcomes = try program.expectTransparent()
    for (form, outcome) in zip(Form.compared, outcomes) {
      // In the bare form the session begins when our constructor runs: what an earlier one started
      // came before it.
      let early = form == .preloaded ? [] : Self.started(by: "-")
      outcome.fixture?.withPlainShells().expectLines(early + ["show late | exited 0 | < -"])
    }
  }

  @Test("A library that a child needs")
  func neededByChild() throws {
    var program = TracedProgram(
      "sh", "-c", "EARLY=1 \"$0\"; exit 7", try Callers.path("needs_early"))
    program.environment = ["SHOW": try Callers.path("show")]
    for outcome in try program.expectTransparent() {
      outcome.fixture?.withPlainShells().expectLines(
        Self.started(by: "needs_early") + [
          "needs_early | exited 6 | < -", "show late | exited 0 | < needs_early",
        ])
    }
  }

  @Test(
    "A second preload, before and after ours",
    arguments: ["\"$LIBRARY:$LD_PRELOAD\"", "\"$LD_PRELOAD $LIBRARY\""])
  func preloaded(value: String) throws {
    var program = TracedProgram(
      shell: "EARLY=1 LD_PRELOAD=\(value) /bin/echo main; /bin/echo after")
    program.environment = [
      "SHOW": try Callers.path("show"), "LIBRARY": try Callers.path("libearly.so"),
    ]
    for outcome in try program.expectTransparent() {
      outcome.fixture?.withPlainShells().expectLines(
        Self.started(by: "echo") + [
          "echo main | exited 0 | < -", "echo after | exited 0 | < -",
        ])
    }
  }
}
