import Foundation
import Glibc
import Testing

@Suite("Recorded: what is known of each invocation")
struct FactTests {
  @Test("Arguments that are not text keep their exact bytes")
  func bytes() throws {
    let program = TracedProgram(
      shell: "/bin/echo \"$(printf 'a\\377b')\" plain \"$(printf '\\376')\" ümlaut >/dev/null")
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      let echo = try #require(fixture.recordings.first)
      #expect(echo.args == ["a\u{fffd}b", "plain", "\u{fffd}", "ümlaut"])
      let exact = echo.bytes?.args?.mapValues { Data(base64Encoded: $0).map { [UInt8]($0) } }
      #expect(exact == ["0": [0x61, 0xff, 0x62], "2": [0xfe]])
    }
  }

  @Test("A failed command is recorded once, whoever looked for it in how many folders")
  func failed() throws {
    let program = TracedProgram(
      shell: """
        /usr/bin/python3 -c 'import subprocess
        for name in ("missing-a", "missing-a", "missing-b"):
            try: subprocess.run([name, "x"])
            except FileNotFoundError: pass
        subprocess.run(["true", "found"])'
        perl -e 'no warnings; system("missing-c", "x"); exec("missing-d", "x")'
        env missing-e x; xargs missing-f x </dev/null; timeout 9 missing-g; missing-h
        nice /etc/passwd; exit 0
        """)
    for outcome in try program.expectTransparent() {
      let failed = outcome.fixture?.lines.filter { $0.contains("| failed") }
      #expect(
        failed?.map { $0.prefix(while: { $0 != "<" }) }.sorted() ?? []
          == (failed == nil
            ? []
            : [
              "missing-a x | failed ENOENT | ", "missing-a x | failed ENOENT | ",
              "missing-b x | failed ENOENT | ", "missing-c x | failed ENOENT | ",
              "missing-d x | failed ENOENT | ", "missing-e x | failed ENOENT | ",
              "missing-f x | failed ENOENT | ", "missing-g | failed ENOENT | ",
              "passwd | failed EACCES | ",
            ]))
      outcome.fixture?.expectLines(including: ["true found | exited 0 | < python3"])
    }
  }

  @Test("Statuses are exact: all of 0 to 255, and signals")
  func statuses() throws {
    let program = TracedProgram(
      shell: """
        i=0; while [ $i -le 255 ]; do sh -c "exit $i"; i=$((i+1)); done
        for s in 1 2 3 6 9 10 11 13 14 15 34 64; do sh -c "kill -$s \\$\\$"; done 2>/dev/null
        """, with: "dash")
    for outcome in try program.expectTransparent() {
      let signals = [1, 2, 3, 6, 9, 10, 11, 13, 14, 15, 34, 64]
      outcome.fixture?.expectLines(
        (0...255).map { "sh -c 'exit \($0)' | exited \($0) | < -" }
          + signals.map { "sh -c 'kill -\($0) $$' | signaled \($0) | < -" })
    }
  }

  @Test("What still runs at the end is running, and delays nobody")
  func running() throws {
    var program = TracedProgram(
      shell: """
        mkfifo up never
        sh -c ': >up; read x <never' >/dev/null 2>&1 &
        : <up; exit 3
        """, workingDirectory: "a wörk dir")
    // It waits for ever: whoever waits for it fails.
    program.limit = .seconds(60)
    for form in Form.compared {
      let outcome = try program.run(form)
      #expect(outcome.ending == .exited(3))
      guard let fixture = outcome.fixture else { continue }
      fixture.expectLines([
        "mkfifo up never | exited 0 | < -", "sh -c ': >up; read x <never' | running | < -",
      ])
      for left in fixture.recordings where left.command == "sh" {
        kill(pid_t(left.process.pid), SIGKILL)
      }
      #expect(fixture.metadata.session?.running == 1)
    }
  }

  @Test("The parent, its pid, the working directory, the executable and the times are right")
  func process() throws {
    var program = TracedProgram(
      shell: """
        mkdir 'an ümlaut'; cd 'an ümlaut'
        sh -c '/bin/true one; (sh -c "/bin/true two; exit 3"); cd ..; ./relative'; exit 4
        """)
    program.prepare = {
      try $0.write("#!/bin/sh\n/bin/true three; exit 0\n", to: "relative", mode: 0o755)
    }
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      fixture.expectLines([
        "mkdir 'an ümlaut' | exited 0 | < -",
        "sh -c '/bin/true one; (sh -c \"/bin/true two; exit 3\"); cd ..; ./relative' | "
          + Fixture.outcome(of: try #require(fixture.recordings.dropFirst().first)) + " | < -",
        "true one | exited 0 | < sh", "sh -c '/bin/true two; exit 3' | exited 3 | < sh",
        "true two | exited 0 | < sh", "relative | exited 0 | < sh",
        "true three | exited 0 | < relative",
      ])
      let work = try #require(fixture.metadata.session).cwd
      for recording in fixture.recordings {
        let process = recording.process
        let isOutside =
          ["mkdir", "relative"].contains(recording.command) || recording.args == ["three"]
        #expect(process.cwd == (isOutside ? work : work + "/an ümlaut"))
        #expect(process.executable?.hasPrefix("/") == true)
        if recording.command == "true" { #expect(process.executable == "/bin/true") }
        #expect(process.maxRssKib ?? 0 > 0)
        #expect(process.startedUs != nil && process.endedUs != nil)
        #expect(
          ["pidfd", "wait", "exit"].contains(process.statusSource)
            || process.termination == "replaced")
        guard let parent = process.parent else { continue }
        let parents = fixture.recordings[parent].process
        #expect(
          parents.pid == process.ppid || recording.command == "sh" || parents.pid == process.pid)
      }
    }
  }

  @Test("The environment holds what was asked for and what a command's prefix allows")
  func environment() throws {
    let sandbox = try Sandbox()
    let words = [
      BuiltParts.tool, "trace", "-o", sandbox.fixture, "--quiet", "--env-allow", "LETTER", "--",
      "sh", "-c", "/bin/true; git --version >/dev/null",
    ]
    var variables = sandbox.environment
    variables.merge([
      "LETTER": "x y", "GIT_EDITOR": "ed", "GIT_TOKEN": "hidden", "SECRET_KEY": "hidden",
    ]) { $1 }
    let launch = Launch(arguments: words, environment: variables, directory: sandbox.work)
    #expect(try launch.run() == .exited(0))
    let data = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    #expect(!String(decoding: data, as: UTF8.self).contains("hidden"))
    let fixture = try Fixture(json: data)
    #expect(
      fixture.recordings.map(\.envSubset) == [
        ["LETTER": "x y"], ["LETTER": "x y", "GIT_EDITOR": "ed"],
      ])
  }
}
