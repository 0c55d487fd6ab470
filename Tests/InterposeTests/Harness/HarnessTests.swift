import Foundation
import Glibc
import Testing

/// The harness itself: what it would not notice, no test here can show.
@Suite("The harness")
struct HarnessTests {
  @Test("notices output, status, errors and files that differ")
  func noticesDifferences() throws {
    let same = try TracedProgram(shell: "echo out; echo err >&2; echo x >file; exit 3").run(.bare)
    #expect(same.ending == .exited(3))
    #expect(same.outputText == "out\n")
    #expect(same.errorsText == "err\n")
    #expect(same.files.entries["file"]?.hasPrefix("file 644, 2 bytes") == true)
    let others = [
      "echo other; echo err >&2; echo x >file; exit 3": "stdout line 1: out\n    then: other",
      "echo out; echo other >&2; echo x >file; exit 3": "stderr line 1: err\n    then: other",
      "echo out; echo err >&2; echo x >file; exit 4": "status: exited 3, then exited 4",
      "echo out; echo err >&2; echo x >file; kill $$": "status: exited 3, then signaled 15",
      "echo out; echo err >&2; echo x >file2; exit 3": "file file:",
      "echo out; echo err >&2; echo y >file; exit 3": "file file:",
      "echo out; echo err >&2; echo x >file; chmod 600 file; exit 3": "file file:",
    ]
    for (text, expected) in others {
      let other = try TracedProgram(shell: text).run(.bare)
      let differences = same.differences(from: other)
      #expect(differences.first?.hasPrefix(expected) == true, "\(text): \(differences)")
    }
    #expect(
      try same.differences(
        from: TracedProgram(shell: "echo out; echo err >&2; echo x >file; exit 3").run(.bare)
      ).isEmpty)
  }

  @Test("fails a program that shows the preload")
  func failsWhatIsNotTransparent() throws {
    try withKnownIssue {
      try TracedProgram(shell: "echo \"$LD_PRELOAD\"").expectTransparent()
    } matching: { issue in
      "\(issue)".contains("differs from bare")
    }
  }

  @Test("hands nothing down that is open here")
  func handsNothingDown() throws {
    // Open on purpose, and not close-on-exec.
    let leaked = open("/dev/null", O_RDONLY)
    defer { close(leaked) }
    #expect(leaked > 2)
    #expect(try TracedProgram("ls", "/proc/self/fd").run(.bare).outputText == "0\n1\n2\n3\n")
  }

  @Test("ends a program that runs for too long, with its children")
  func endsWhatHangs() throws {
    var program = TracedProgram(shell: "sleep 1000 & echo $! >../child; wait")
    program.limit = .seconds(1)
    let sandbox = try Sandbox()
    #expect(throws: HarnessError.self) { try program.run(.bare, in: sandbox) }
    let text = try String(contentsOfFile: sandbox.folder + "/child", encoding: .utf8)
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(
      waits { !FileManager.default.fileExists(atPath: "/proc/\(child)/cmdline") || isZombie(child) }
    )
  }

  @Test("says what was recorded otherwise than expected")
  func saysWhatWasRecordedOtherwise() throws {
    let json = """
      {"version": "1.0", "metadata": {}, "recordings": [{"sequence": 0, "command": "sh",
      "args": ["-c", "exit 3"], "stdin": "", "env_subset": {}, "stdout": "", "stderr": "",
      "exit_code": 3, "timestamp": "", "duration_ms": 1,
      "process": {"pid": 1, "parent": null, "termination": "exited"}}]}
      """
    let fixture = try Fixture(json: Data(json.utf8))
    #expect(fixture.lines == ["sh -c 'exit 3' | exited 3 | < -"])
    fixture.expectLines(["sh -c 'exit 3' | exited 3 | < -"])
    withKnownIssue { fixture.expectLines([]) }
    withKnownIssue { fixture.expectLines(["sh -c 'exit 3' | exited 4 | < -"]) }
    withKnownIssue {
      fixture.expectLines(Array(repeating: "sh -c 'exit 3' | exited 3 | < -", count: 2))
    }
  }

  private func isZombie(_ process: pid_t) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status?.contains(") Z ") ?? true
  }
}
