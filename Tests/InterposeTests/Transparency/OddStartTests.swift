import Foundation
import Testing

@Suite("Roots that were started in an odd way behave the same")
struct OddStartTests {
  @Test("With descriptors 0 to 2 closed", arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
  func closedDescriptors(redirection: String) throws {
    var program = TracedProgram(
      shell: """
        for i in 0 1 2; do test -e /proc/$$/fd/$i && touch open-$i; done
        exec >out; /bin/true; ls /proc/self/fd | wc -l; exit 3
        """)
    program.wrapper = ["sh", "-c", "exec \"$@\" \(redirection)", "sh"]
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(3))
      outcome.fixture?.expectLines(including: ["true | exited 0 | < -"])
    }
  }

  @Test("With an environment of nearly 2 MB")
  func largeEnvironment() throws {
    var program = try TracedProgram(caller: "show", "env", "exit=3")
    for letter in "abcdefghijklmno" {
      program.environment["LARGE_\(letter)"] = String(repeating: letter, count: 125_000)
    }
    for outcome in try program.expectTransparent() { #expect(outcome.ending == .exited(3)) }
  }

  @Test(
    "With signals ignored, with lowered limits, in another folder",
    arguments: [
      "trap '' PIPE INT HUP CHLD; exec \"$@\"", "ulimit -n 32; exec \"$@\"",
      "ulimit -s 256; exec \"$@\"", "umask 0777; exec \"$@\"", "cd /; exec \"$@\"",
      "exec setsid -w \"$@\"",
    ])
  func inherited(text: String) throws {
    var program = TracedProgram(shell: "sh -c 'exit 3'; echo $? | cat; ulimit -n; umask; exit 4")
    program.wrapper = ["sh", "-c", text, "sh"]
    try program.expectTransparent()
  }

  @Test(
    "Under limits that leave no room for a fixture, the program runs all the same",
    arguments: ["ulimit -f 0", "ulimit -n 8"])
  func noRoom(limit: String) throws {
    var program = TracedProgram(shell: "sh -c 'exit 3'; echo $? | cat >/dev/null; exit 4")
    program.wrapper = ["sh", "-c", "\(limit); exec \"$@\"", "sh"]
    for form in Form.compared {
      let sandbox = try Sandbox()
      let ending = try program.launch(form, in: sandbox).run()
      // The tool may refuse before anything runs.
      let refusals: [Ending] = form.isTools ? [.exited(69), .exited(73)] : []
      #expect(([.exited(4)] + refusals).contains(ending))
    }
  }

  @Test("With no variable at all, and with PATH only", arguments: ["env -i", "env -i PATH=/bin"])
  func fewVariables(wrapper: String) throws {
    let sandbox = try Sandbox()
    for form in Form.compared where form == .preloaded {
      // No runtime folder is named: the session lies in /tmp.
      let text = """
        \(wrapper) CMDMOX_RECORDER='\(BuiltParts.tool)' LD_PRELOAD='\(BuiltParts.library)' \
        /bin/sh -c '/bin/true; exit 3'
        """
      let launch = Launch(
        arguments: ["sh", "-c", text], environment: sandbox.environment, directory: sandbox.work)
      #expect(try launch.run() == .exited(3))
      let path = sandbox.work + "/cmdmox.json"
      let data = try #require(FileManager.default.contents(atPath: path))
      try Fixture(json: data).expectLines(["true | exited 0 | < -"])
    }
  }
}
