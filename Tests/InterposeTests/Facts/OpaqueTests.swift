import Foundation
import Glibc
import Testing

@Suite("Recorded: programs that no library can be put into")
struct OpaqueTests {
  @Test("A static program is named with its reason, and is its children's parent")
  func staticParent() throws {
    let callers = try Callers.folder()
    let program = TracedProgram(
      shell: "\"$CALLERS/static_parent\"; \"$CALLERS/show_static\" exit=3; exit 4"
    ).with(["CALLERS": callers])
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      fixture.withPlainShells().expectLines(including: [
        "static_parent | exited 5, opaque: static | < -",
        "show 'below static' exit=3 | exited 3 | < static_parent",
        "sh -c '/bin/true; exit 4' | exited 4 | < static_parent", "true | exited 0 | < sh",
        "show_static exit=3 | exited 3, opaque: static | < -",
      ])
      // Nobody told its status but the kernel, if it was asked in time.
      let killed = fixture.recordings.first { $0.args.first == "spawned below static" }
      let outcome = try #require(killed.map(Fixture.outcome))
      #expect(["signaled 15", "unknown"].contains(outcome))
    }
  }

  @Test("A static program that becomes a dynamic one is replaced by it")
  func staticReplaced() throws {
    let callers = try Callers.folder()
    let program = TracedProgram(
      shell: "\"$CALLERS/static_parent\" replaced >/dev/null; exit 0"
    ).with(["CALLERS": callers])
    for outcome in try program.expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "static_parent replaced | replaced, opaque: static | < -",
        "show 'instead of static' exit=6 | exited 6 | < static_parent",
      ])
    }
  }

  @Test("A 32-bit program is named, and its children are seen", .requiresNarrowPrograms)
  func narrow() throws {
    var program = TracedProgram(shell: "./narrow; ./narrow '/bin/true; ./narrow; exit 3'; exit 4")
    program.prepare = { sandbox in
      let made = try Launch(
        arguments: [
          "sh", "-c",
          """
          echo 'int system(const char *command);
          int main(int c, char **v) { return c > 1 ? system(v[1]) / 256 : 7; }' >narrow.c
          cc -m32 -o narrow narrow.c; rm narrow.c
          """,
        ], environment: sandbox.environment, directory: sandbox.work
      ).run()
      try #require(made == .exited(0))
    }
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      fixture.withPlainShells().expectLines(including: [
        "narrow | exited 7, opaque: architecture | < -",
        "narrow '/bin/true; ./narrow; exit 3' | exited 3, opaque: architecture | < -",
        "sh -c '/bin/true; ./narrow; exit 3' | exited 3 | < narrow", "true | exited 0 | < sh",
        "narrow | exited 7, opaque: architecture | < sh",
      ])
    }
  }

  @Test("A program whose library is missing, and an ELF file of another machine")
  func unloadable() throws {
    var program = TracedProgram(
      shell: "./needs-missing 2>/dev/null; echo $?; ./other-machine 2>/dev/null; echo $?")
    program.prepare = { sandbox in
      let made = try Launch(
        arguments: [
          "sh", "-c",
          """
          echo 'int gone(void) { return 0; }' >gone.c; cc -shared -fPIC -o libgone.so gone.c
          echo 'int gone(void); int main(void) { return gone(); }' >main.c
          cc -o needs-missing main.c -L. -lgone; rm gone.c main.c libgone.so
          printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0' >other-machine
          printf '\\2\\0\\267\\0\\1\\0\\0\\0' >>other-machine
          head -c 200 /dev/zero >>other-machine; chmod +x other-machine
          """,
        ], environment: sandbox.environment, directory: sandbox.work
      ).run()
      try #require(made == .exited(0))
    }
    for outcome in try program.expectTransparent() {
      #expect(outcome.outputText.hasPrefix("127\n"))
      outcome.fixture?.expectLines(including: [
        "needs-missing | exited 127, opaque: missing-library | < -",
        "other-machine | failed ENOEXEC | < -",
      ])
    }
  }

  @Test("Empty environments are seen empty, all the way down, and recorded")
  func cleanEnvironment() throws {
    let program = TracedProgram(
      shell: """
        env -i env; env -i /bin/sh -c '/usr/bin/env | grep -v ^PWD='; env -i env -i env A=1 env
        env -i "$SHOW" env=all; env -i /bin/sh -c 'exec env -i /bin/sh -c "exit 3"'; exit 4
        """
    ).with(["SHOW": try Callers.path("show")])
    for outcome in try program.expectTransparent() {
      #expect(outcome.outputText == "A=1\nshow: [(path)] [env=all] env:\n")
      outcome.fixture?.expectLines(including: [
        "env -i env | replaced | < -", "env | exited 0 | < env",
        "grep -v '^PWD=' | exited 1 | < sh", "show env=all | exited 0 | < env",
        "sh -c 'exit 3' | exited 3 | < env",
      ])
    }
  }
}

extension TracedProgram {
  /// The same with more variables.
  func with(_ variables: [String: String]) -> TracedProgram {
    var program = self
    program.environment.merge(variables) { $1 }
    return program
  }
}
