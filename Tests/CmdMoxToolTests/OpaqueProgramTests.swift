import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("Programs that are not seen from inside") struct OpaqueProgramTests {
  let workspace: Workspace

  static let source = """
    #include <stdlib.h>
    int main(int argc, char **argv) { return argc > 1 ? system(argv[1]) >> 8 : 7; }
    """

  init() throws {
    workspace = try Workspace()
  }

  @Test("A static program is opaque, what it runs hangs below it")
  func staticProgram() throws {
    _ = try workspace.compile("still", Self.source, "-static")
    let result = try workspace.trace(shell: "./still; ./still 'ls >/dev/null; exit 5'; :").run()
    #expect(result.errorText.contains("2 opaque (static: still, …)"))
    #expect(
      try workspace.lines() == [
        "still: 7 exited static", "still ls >/dev/null; exit 5: 5 exited static",
        "sh -c ls >/dev/null; exit 5: 5 exited", "ls: 0 exited",
      ])
    #expect(try workspace.fixture().recordings.map { $0.process?.parent } == [nil, nil, 1, 2])
  }

  @Test("A script of a static interpreter is opaque for the same reason")
  func script() throws {
    let interpreter = try workspace.compile("still", Self.source, "-static")
    try workspace.write("script", "#!\(interpreter) true\n", mode: 0o755)
    _ = try workspace.trace("-q", shell: "./script; :").run()
    #expect(try workspace.lines().first == "script: 0 exited static")
  }

  @Test("A static root is a session all the same")
  func staticRoot() throws {
    _ = try workspace.compile("still", Self.source, "-static")
    let result = try workspace.cmdmox("trace", "-q", "./still", "ls >/dev/null; exit 5").run()
    #expect(result.status == 5)
    #expect(try workspace.lines() == ["sh -c ls >/dev/null; exit 5: 5 exited", "ls: 0 exited"])
    #expect(try workspace.fixture().recordings.map { $0.process?.parent } == [nil, 0])
  }

  @Test("Twenty children that were killed at once are twenty recordings")
  func killed() throws {
    let script = """
      import subprocess
      for _ in range(20):
          child = subprocess.Popen(['sleep', '50'])
          child.kill()
          child.wait()
      """
    let result = try workspace.cmdmox("trace", "-q", "/usr/bin/python3", "-c", script).run()
    #expect(result.status == 0, "\(result.errorText)")
    let recordings = try workspace.fixture().recordings.filter { $0.command == "sleep" }
    #expect(recordings.count == 20)
    #expect(recordings.allSatisfy { $0.exitCode == 137 && $0.process?.signal == 9 })
  }

  @Test("A program whose library is missing is opaque with the loader's status")
  func missingLibrary() throws {
    try workspace.write("part.c", "int part(void) { return 0; }")
    let part = try workspace.compile(
      "libpart.so", "int part(void) { return 0; }", "-shared", "-fPIC")
    _ = try workspace.compile(
      "needy", "int part(void); int main(void) { return part(); }", "-L\(workspace.path)", "-lpart")
    #expect(unlink(part.string) == 0)
    _ = try workspace.trace("-q", shell: "./needy 2>/dev/null; :").run()
    #expect(try workspace.lines() == ["needy: 127 exited missing-library"])
  }

  @Test(
    "A library in a folder with a space or a colon is preloaded all the same",
    arguments: [" ", ":"])
  func unsafePath(character: String) throws {
    let folder = workspace.file("a\(character)b")
    #expect(mkdir(folder.string, 0o755) == 0)
    let library = try #require(Workspace.library)
    #expect(try Command("cp", library.string, folder.string).run().status == 0)
    let result = try workspace.cmdmox(
      "trace", "-q", "sh", "-c", "/bin/true; :",
      environment: ["CMDMOX_LIBRARY": folder.appending("libcmdmox.so").string]
    ).run()
    #expect(result.errorText.isEmpty)
    #expect(try workspace.lines() == ["true: 0 exited"])
  }

  @Test("A library that is not there is our fault, and said")
  func noLibrary() throws {
    let result = try workspace.cmdmox(
      "trace", "true", environment: ["CMDMOX_LIBRARY": "/nowhere/libcmdmox.so"]
    ).run()
    #expect(result.status == 70)
    #expect(
      result.errorText
        == "cmdmox: libcmdmox.so is not found: looked at /nowhere/libcmdmox.so; "
        + "set CMDMOX_LIBRARY to its path\n")
  }
}
