import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox rerun") struct RerunTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    #expect(try Command("mkdir", "deep", in: workspace.path).run().status == 0)
  }

  /// A command that says all that it was given.
  private func record() throws {
    try workspace.write(
      "deep/say.sh", "#!/bin/sh\nprintf '%s|' \"$0\" \"$PWD\" \"$KEPT\" \"$@\"; cat; exit 5\n",
      mode: 0o755)
    try workspace.write(
      "root.sh", "cd deep; printf 'the\\ninput' | KEPT='a b' ./say.sh -x 'it'\\''s'\n")
    let result = try workspace.cmdmox(
      "record", "-q", "--env-allow", "KEPT", "--commands", "say.sh", "--", "sh", "root.sh"
    ).run()
    #expect(result.status == 5, "\(result.errorText)")
  }

  @Test("The command gets its directory, variables, arguments and standard input again")
  func rerun() throws {
    try record()
    let result = try workspace.cmdmox("rerun", "cmdmox.json", "0").run()
    #expect(result.status == 5, "\(result.errorText)")
    #expect(result.outputText.hasSuffix("|\(workspace.path)/deep|a b|-x|it's|the\ninput"))
    #expect(result.outputText.contains("say.sh|"))
  }

  @Test("A debugger gets the command line")
  func debugger() throws {
    try record()
    try workspace.write("gdb", "#!/bin/sh\nprintf '%s|' \"$@\"\n", mode: 0o755)
    let gdb = workspace.file("gdb").string
    let result = try workspace.cmdmox("rerun", "cmdmox.json", "0", "--debugger", gdb).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(result.outputText.hasPrefix("--args|"))
    #expect(result.outputText.hasSuffix("/deep/say.sh|-x|it's|"), "\(result.outputText)")
  }

  @Test("gdb runs it: with the recorded arguments, in the recorded directory")
  func gdb() throws {
    _ = try workspace.compile(
      "crash",
      "#include <stdlib.h>\nint main(int n, char **a) { if (n == 3) abort(); return n; }\n",
      "-g")
    #expect(try workspace.trace("-q", shell: "cd deep; ../crash 'a b' c; :").run().status == 0)
    try workspace.write(
      "asked", "run\nframe function main\np n\np a[1]\ninfo proc cwd\nkill\n")
    let script = "'\(Workspace.tool)' rerun cmdmox.json 0 --debugger gdb < asked"
    let result = try Command(
      "sh", "-c", script, environment: ["HOME": workspace.path.string], in: workspace.path
    ).run()
    #expect(result.status == 0, "\(result.errorText)")
    for words in ["SIGABRT", "$1 = 3", "\"a b\"", "cwd = '\(workspace.path)/deep'"] {
      #expect(result.outputText.contains(words), "\(result.outputText)")
    }
  }

  @Test("What is not there is said")
  func problems() throws {
    try record()
    #expect(try workspace.cmdmox("rerun", "cmdmox.json", "7").run().status == 66)
    #expect(try Command("rm", "-r", "deep", in: workspace.path).run().status == 0)
    let gone = try workspace.cmdmox("rerun", "cmdmox.json", "0").run()
    #expect(gone.status == 66)
    #expect(gone.errorText.contains("make it first"))
    try workspace.write("lies.json", ShowTests.lies)
    let lies = try workspace.cmdmox("rerun", "lies.json", "0").run()
    #expect(lies.status == 66 && !lies.errors.contains(0x1b), "\(lies.errorText)")
  }
}
