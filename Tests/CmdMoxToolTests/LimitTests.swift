import CmdMox
import SystemPackage
import Testing

@Suite("Limits that the program was given") struct LimitTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("Few descriptors are enough, and the program keeps its own limit")
  func fewDescriptors() throws {
    var command = workspace.trace("-q", shell: "ulimit -n; /bin/true; exit 3")
    command.arguments =
      ["sh", "-c", "ulimit -n 8; exec \"$@\"", "x"].map { Array($0.utf8) } + command.arguments
    let result = try command.run()
    #expect(result.status == 3, "\(result.errorText)")
    #expect(result.outputText == "8\n")
    #expect(try workspace.lines() == ["true: 0 exited"])
  }

  @Test("No room for a journal is an error and not a signal")
  func noFiles() throws {
    var command = workspace.trace("-q", shell: "exit 3")
    command.arguments =
      ["sh", "-c", "ulimit -f 0; exec \"$@\"", "x"].map { Array($0.utf8) } + command.arguments
    let result = try command.run()
    #expect(result.status == 73)
    #expect(
      result.errorText.contains("journal.jsonl: the journal cannot be written: File too large"))
    #expect(workspace.sessions.isEmpty)
  }

  @Test("No room for a journal in the bare form leaves the program unrecorded")
  func noFilesBare() throws {
    var command = try workspace.bare("sh", "-c", "exit 3")
    // The shell that lowers the limit is not preloaded itself.
    let library = try #require(command.environment.removeValue(forKey: "LD_PRELOAD") ?? nil)
    command.arguments = [
      "sh", "-c", "ulimit -f 0; exec env LD_PRELOAD=\"$1\" sh -c 'exit 3'", "x", library,
    ].map { Array($0.utf8) }
    let result = try command.run()
    #expect(result.status == 3)
    #expect(result.errorText.contains("the program runs unrecorded"))
    #expect(workspace.sessions.isEmpty)
  }
}
