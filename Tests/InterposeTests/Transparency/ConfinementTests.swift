import Glibc
import Testing

@Suite("Programs that confine themselves or change their rights behave the same")
struct ConfinementTests {
  @Test(
    "A seccomp filter that kills whatever the program itself does not need",
    arguments: ["prctl", "syscall"], ["exit", "_exit", "fork", "exec", "spawn"])
  func filter(how: String, what: String) throws {
    for outcome in try TracedProgram(caller: "confine", how, what).expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      if what == "fork" {
        fixture.expectLines(including: ["show 'beside the confined' | exited 0 | < -"])
      }
      #expect((fixture.metadata.session?.confined ?? 0) > 0, "the gap must be counted")
    }
  }

  @Test("The same below a shell: what comes after it is recorded")
  func filterBelowShell() throws {
    let caller = try Callers.path("confine")
    let text = "'\(caller)' prctl exec; echo $?; '\(caller)' prctl spawn; /bin/echo after; exit 3"
    for outcome in try TracedProgram(shell: text).expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "echo after | exited 0 | < -",
        "confine prctl exec | exited 7, confined: seccomp | < -",
        "confine prctl spawn | exited 10, confined: seccomp | < -",
      ])
    }
  }

  @Test("Strict mode, in a child")
  func strict() throws {
    for outcome in try TracedProgram(caller: "confine", "strict", "fork").expectTransparent() {
      outcome.fixture?.expectLines(including: ["show 'beside the confined' | exited 0 | < -"])
    }
  }

  @Test("A program that gives up root", .requiresRoot, .requires("setpriv"))
  func dropsRoot() throws {
    let text =
      "setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'id -u; /bin/true; exit 3'; exit 4"
    for outcome in try TracedProgram(shell: text).expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'id -u; /bin/true; exit 3'"
          + " | replaced | < -",
        "sh -c 'id -u; /bin/true; exit 3' | exited 3 | < setpriv", "id -u | exited 0 | < sh",
        "true | exited 0 | < sh",
      ])
    }
  }

  @Test("A set-uid program that somebody else runs", .requiresRoot, .requires("setpriv"))
  func setUser() throws {
    var program = TracedProgram(
      shell: "./starter 3; exit 4", workingDirectory: "work")
    program.wrapper = [
      "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
    ]
    program.prepare = { sandbox in
      for folder in [sandbox.folder, sandbox.work, sandbox.runtime] { chown(folder, 65534, 65534) }
      try sandbox.copy(try Callers.path("starter"), to: sandbox.work + "/starter", mode: 0o4755)
    }
    for outcome in try program.expectTransparent() {
      #expect(outcome.outputText.hasPrefix("real 65534, effective 0\n"))
      outcome.fixture?.expectLines(including: ["starter 3 | exited 3, opaque: set-id | < -"])
    }
  }

  @Test("Processes of a new pid namespace", .requiresNamespaces)
  func namespace() throws {
    let text =
      "unshare -pf --mount-proc sh -c 'echo $$; /bin/true; sh -c \"exit 3\"; exit 5'; exit 6"
    for outcome in try TracedProgram(shell: text).expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "true | exited 0 | < sh", "sh -c 'exit 3' | exited 3 | < sh",
        "sh -c 'echo $$; /bin/true; sh -c \"exit 3\"; exit 5' | exited 5 | < unshare",
      ])
    }
  }
}
