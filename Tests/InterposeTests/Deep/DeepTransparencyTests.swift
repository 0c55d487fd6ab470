import Foundation
import Glibc
import Testing

@Suite("Under --deep programs behave the same", .deep)
struct DeepTransparencyTests {
  @Test(
    "Hooked calls, and everything that is around them",
    arguments: [
      "call_execve", "call_execvp", "call_execveat", "call_posix_spawn", "call_posix_spawnp",
      "call_system", "call_popen", "call_wait", "call_leave", "mixture", "descriptors", "cancel",
      "killed_at_once", "small_stack", "storm", "subreaper", "with_closed_output",
    ])
  func callers(name: String) throws {
    for outcome in try TracedProgram(caller: name).expectTransparent(in: [.deep]) {
      #expect(outcome.fixture?.metadata.session?.lost == 0)
    }
  }

  @Test("A program sees nothing of it in its own process but the filter", arguments: [true, false])
  func state(hasCleanEnvironment: Bool) throws {
    let caller = try Callers.path("state")
    let program = TracedProgram(
      shell: hasCleanEnvironment ? "env -i '\(caller)'" : "exec 5</dev/null; '\(caller)'")
    let sandbox = try Sandbox()
    let bare = try program.run(.bare, in: sandbox)
    try sandbox.reset()
    let deep = try program.run(.deep, in: sandbox)
    #expect(bare.outputText.contains("Seccomp:\t0") && deep.outputText.contains("Seccomp:\t2"))
    var same = deep
    same.output = Array(deep.outputText.replacing("Seccomp:\t2", with: "Seccomp:\t0").utf8)
    #expect(bare.differences(from: same).isEmpty, "\(bare.differences(from: same))")
  }

  @Test(
    "A root leaves with its own status, whatever it is",
    arguments: [
      "exit 0", "exit 255", "kill -9 $$", "kill -TERM $$", "exec /bin/sh -c 'exit 3'",
      "exec \"$CALLERS/show_static\" exit=6", "exec \"$CALLERS/show_static\" kill=9",
    ])
  func statuses(text: String) throws {
    try TracedProgram(shell: text).with(["CALLERS": try Callers.folder()])
      .expectTransparent(in: [.deep])
  }

  @Test(
    "Job control, Ctrl-C and terminal settings", .requires("script"), .requires("bash"),
    arguments: [
      "tty >/dev/null && echo terminal; stty -a | head -3; sh -c 'exit 3'; echo $?",
      "sh -c 'kill -TSTP $$; exit 5'; echo $?; fg; echo $?",
      "sh -c 'kill -INT $$'; echo $?; echo a | cat | tr a b",
      "(trap 'echo caught; exit 6' INT; kill -INT $BASHPID); echo $?; exit 7",
    ])
  func terminal(text: String) throws {
    var program = TracedProgram("bash", "--norc", "-ic", text)
    program.wrapper = [
      "bash", "-c", "script -qec \"$(printf '%q ' \"$@\")\" /dev/null </dev/null", "bash",
    ]
    for outcome in try program.expectTransparent(in: [.deep]) {
      #expect(!outcome.outputText.isEmpty)
    }
  }

  @Test("A root that is no program of the kernel's is a script of the shell's")
  func rootWithoutFormat() throws {
    var program = TracedProgram("./script", "3")
    program.prepare = { try $0.write("exit $1\n", to: "script", mode: 0o755) }
    let outcome = try program.run(.deep)
    #expect(outcome.ending == .exited(3))
    outcome.fixture?.expectLines([])
  }

  @Test("A root that is not there, or cannot be executed, gets a shell's status")
  func noRoot() throws {
    for (name, status) in [("no-such-program-anywhere", 127), ("./plain", 126)] as [(String, Int32)]
    {
      var program = TracedProgram(name)
      program.prepare = { try $0.write("text", to: "plain") }
      let sandbox = try Sandbox()
      try program.prepare(sandbox)
      #expect(try program.launch(.deep, in: sandbox).run() == .exited(status))
      #expect(waits { sandbox.sessionDirectories().isEmpty })
    }
  }

  @Test("A set-uid program gets no privileges, and the summary says so", .requiresRoot)
  func setUser() throws {
    let result = try asNobody("./starter 3; exit 4")
    #expect(result.ending == .exited(4))
    #expect(result.output.hasPrefix("real 65534, effective 65534\n"))
    #expect(
      result.errors.contains("1 without the privileges of their files under --deep (starter)"),
      "\(result.errors)")
    let lines = try result.fixture.lines
    #expect(lines.contains("starter 3 | exited 3 | < -"))
    #expect(lines.contains("sh -c 'exit 3' | exited 3 | < starter"))
  }

  @Test("Static programs are seen without any privileges, too", .requiresRoot)
  func withoutPrivileges() throws {
    let callers = try Callers.folder()
    let result = try asNobody("'\(callers)/static_family' >/dev/null; exit 4")
    #expect(result.ending == .exited(4))
    #expect(!result.errors.contains("privileges"), "\(result.errors)")
    let leaves = try result.fixture.lines.filter { $0.hasPrefix("static_family leaf") }
    #expect(leaves.count >= 8)
  }

  private struct Result {
    var ending: Ending
    var output: String
    var errors: String
    var json: Data
    var fixture: Fixture { get throws { try Fixture(json: json) } }
  }

  /// Runs a shell under --deep as a user without rights, beside a set-uid program of root's.
  private func asNobody(_ text: String) throws -> Result {
    let sandbox = try Sandbox()
    for folder in [sandbox.folder, sandbox.work, sandbox.runtime] { chown(folder, 65534, 65534) }
    try sandbox.copy(try Callers.path("starter"), to: sandbox.work + "/starter", mode: 0o4755)
    let line = [BuiltParts.tool, "trace", "--deep", "-o", sandbox.fixture, "--", "sh", "-c", text]
    var launch = Launch(
      arguments: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] + line,
      environment: sandbox.environment, directory: sandbox.work)
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    let ending = try launch.run()
    return Result(
      ending: ending, output: sandbox.text(of: "stdout"), errors: sandbox.text(of: "stderr"),
      json: FileManager.default.contents(atPath: sandbox.fixture) ?? Data())
  }

  @Test("--wait waits for everything that lives on, though it names no session")
  func waitsForAll() throws {
    let sandbox = try Sandbox()
    mkfifo(sandbox.work + "/go", 0o600)
    let callers = try Callers.folder()
    let text = """
      env -i sh -c 'read x <go; "\(callers)/show_static" exit=3' >/dev/null & exec 3>go; echo >&3; exit 5
      """
    let launch = Launch(
      arguments: [
        BuiltParts.tool, "trace", "--deep", "--wait", "-q", "-o", sandbox.fixture, "--", "sh", "-c",
        text,
      ], environment: sandbox.environment, directory: sandbox.work)
    #expect(try launch.run() == .exited(5))
    let json = FileManager.default.contents(atPath: sandbox.fixture) ?? Data()
    try Fixture(json: json).expectLines(including: [
      "show_static exit=3 | exited 3, opaque: static | < sh"
    ])
  }
}
