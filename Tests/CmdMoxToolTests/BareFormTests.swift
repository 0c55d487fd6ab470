import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("LD_PRELOAD alone") struct BareFormTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("The fixture is on disk when the command returns, its status and its output its own")
  func ordinary() throws {
    // The outer shell is not preloaded: it looks at once.
    let library = try #require(Workspace.library)
    let result = try Command(
      "sh", "-c",
      "LD_PRELOAD='\(library)' sh -c 'echo hello; /bin/true; exit 3'; echo $?; test -s cmdmox.json",
      environment: [
        "CMDMOX_RECORDER": Workspace.tool.string, "TMPDIR": workspace.path.string,
        "XDG_RUNTIME_DIR": nil,
      ], in: workspace.path
    ).run()
    #expect(result.status == 0)
    #expect(result.outputText == "hello\n3\n")
    #expect(result.errorText.isEmpty)
    #expect(try workspace.lines() == ["true: 0 exited"])
    #expect(try workspace.fixture().metadata.session?.exitCode == 3)
    #expect(workspace.sessions.isEmpty)
  }

  @Test("A root that a signal ends has its fixture too", arguments: [9, 15])
  func signaled(signal: Int) throws {
    // stderr is open until the recorder has ended, and `run` reads it to its end.
    let result = try workspace.bare("sh", "-c", "/bin/true; kill -\(signal) $$").run()
    #expect(result.status == Int32(128 + signal))
    #expect(try workspace.lines() == ["true: 0 exited"])
    #expect(try workspace.fixture().metadata.session?.exitCode == 128 + signal)
  }

  @Test("A root that executes something is the session as long as its process lives")
  func replaced() throws {
    let result = try workspace.bare("sh", "-c", "exec sh -c 'ls >/dev/null; exit 4'").run()
    #expect(result.status == 4)
    #expect(
      try workspace.lines() == ["sh -c ls >/dev/null; exit 4: 4 exited", "ls: 0 exited"])
    #expect(try workspace.fixture().metadata.session?.exitCode == 4)
  }

  @Test("Variables choose the fixture, the commands and the environment")
  func settings() throws {
    _ = try workspace.bare(
      "sh", "-c", "A=1 B=2 ls >/dev/null; /bin/true",
      environment: [
        "CMDMOX_FIXTURE": "%c.json", "CMDMOX_COMMANDS": "ls, cat", "CMDMOX_ENV_ALLOW": "A",
      ]
    ).run()
    #expect(try workspace.lines("sh.json") == ["ls: 0 exited"])
    #expect(try workspace.fixture("sh.json").recordings.first?.envSubset == ["A": "1"])
  }

  @Test("Where no fixture can be written the program runs, and one line says so")
  func obstacle() throws {
    let command = try workspace.bare(
      "sh", "-c", "/bin/true; exit 3", environment: ["CMDMOX_FIXTURE": "nowhere/f.json"])
    let result = try command.run()
    #expect(result.status == 3)
    #expect(result.errorText.contains("nowhere/f.json: the fixture cannot be written there"))
    #expect(result.errorText.contains("cmdmox recover"))
  }

  @Test("A mode that there is not leaves the program unrecorded")
  func mode() throws {
    let result = try workspace.bare(
      "sh", "-c", "exit 3", environment: ["CMDMOX_MODE": "dance"]
    ).run()
    #expect(result.status == 3)
    #expect(result.errorText.contains("cmdmox: CMDMOX_MODE is dance, expected one of: trace"))
    #expect(workspace.sessions.isEmpty)
  }

  @Test("Many roots at the same time have a session each")
  func parallel() throws {
    let library = try #require(Workspace.library)
    let result = try Command(
      "sh", "-c",
      """
      for i in 1 2 3 4 5 6 7 8; do
        LD_PRELOAD='\(library)' CMDMOX_FIXTURE=$i.json sh -c 'ls >/dev/null; :' &
      done
      wait
      """,
      environment: [
        "CMDMOX_RECORDER": Workspace.tool.string, "TMPDIR": workspace.path.string,
        "XDG_RUNTIME_DIR": nil,
      ], in: workspace.path
    ).run()
    #expect(result.errorText.isEmpty)
    for index in 1...8 {
      #expect(try workspace.lines("\(index).json") == ["ls: 0 exited"])
    }
  }
}
