import Testing

@Suite("A program sees nothing of the preload in its own process")
struct StateTests {
  @Test(
    "Descriptors, signals, environment, auxiliary vector, limits, errno: around each hooked call")
  func state() throws {
    try TracedProgram(caller: "state").expectTransparent()
  }

  @Test(
    "the same for a program that was started in an odd way",
    arguments: [
      "env -i A=1 B=2 \"$0\"",
      "env -i \"$0\"",
      "exec 3</dev/null 5</dev/null 9</dev/null; \"$0\"",
      "ulimit -n 16; umask 077; trap '' HUP PIPE; nice -n 3 \"$0\"",
      "cd /; exec -a 'another name' \"$0\" </dev/null",
      "LD_PRELOAD=$EMPTY A=1 \"$0\"",
      "LD_PRELOAD=\"$EMPTY $LD_PRELOAD\" LD_BIND_NOW=1 \"$0\"",
      "setsid -w \"$0\"",
    ])
  func oddly(text: String) throws {
    var program = TracedProgram("bash", "-c", text, try Callers.path("state"))
    program.environment = ["EMPTY": try Callers.path("libemptypreload.so")]
    try program.expectTransparent()
  }

  @Test("No descriptor is left open when signals jump out of hooked calls")
  func storm() throws {
    // The probe sees a descriptor that is left open on purpose.
    let leak = try TracedProgram(caller: "storm", "leak").run(.bare)
    #expect(leak.outputText.hasPrefix("descriptors left open: 1\n"))
    for outcome in try TracedProgram(caller: "storm").expectTransparent() {
      #expect(outcome.outputText.hasPrefix("descriptors left open: 0\n"))
      guard let fixture = outcome.fixture else { continue }
      let shown = fixture.lines.filter { $0 == "show quiet | exited 0 | < -" }
      #expect(shown.count == 300)
    }
  }
}
