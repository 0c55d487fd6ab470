import Foundation
import Testing

@Suite("Recorded: sessions inside sessions")
struct NestedSessionTests {
  @Test("An inner session takes its own processes")
  func nested() throws {
    let program = TracedProgram(
      shell: """
        /bin/true before
        "$TOOL" trace -o ../inner.json --quiet -- sh -c '/bin/true inside; exit 3'; echo $?
        /bin/true after
        """
    ).with(["TOOL": BuiltParts.tool])
    for form in Form.compared {
      let sandbox = try Sandbox()
      let outcome = try program.run(form, in: sandbox)
      #expect(outcome.outputText == "3\n")
      guard let fixture = outcome.fixture else { continue }
      fixture.expectLines([
        "true before | exited 0 | < -",
        "cmdmox trace -o ../inner.json --quiet -- sh -c '/bin/true inside; exit 3'"
          + " | exited 3 | < -",
        // Announced to the outer session, and taken by the inner one.
        "sh -c '/bin/true inside; exit 3' | exited 3, opaque: session | < cmdmox",
        "true after | exited 0 | < -",
      ])
      let data = try #require(FileManager.default.contents(atPath: sandbox.folder + "/inner.json"))
      let inner = try Fixture(json: data)
      inner.expectLines(["true inside | exited 0 | < -"])
      #expect(inner.metadata.session?.exitCode == 3)
    }
  }

  @Test("A session that is off records nothing and says nothing")
  func off() throws {
    var program = TracedProgram(shell: "/bin/true; echo out; exit 3")
    program.environment = ["CMDMOX_SESSION": "off"]
    let sandbox = try Sandbox()
    let launch = try program.launch(.preloaded, in: sandbox)
    #expect(try launch.run() == .exited(3))
    #expect(!FileManager.default.fileExists(atPath: sandbox.fixture))
    #expect(sandbox.sessionDirectories().isEmpty)
  }

  @Test("Below a session, a command that is switched off is not recorded, what it is beside is")
  func partlyOff() throws {
    let program = TracedProgram(
      shell: "CMDMOX_SESSION=off sh -c '/bin/true off; exit 0'; /bin/true on")
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      #expect(fixture.lines.contains("true on | exited 0 | < -"))
    }
  }
}
