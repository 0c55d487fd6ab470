import Foundation
import Testing

@Suite("Recorded: scripts, as the caller ran them")
struct ScriptTests {
  @Test("The command is the script, its interpreter stands beside it")
  func scripts() throws {
    var program = TracedProgram(
      shell: """
        ./plain a 'b c' ''; ./option x; ./nested y; ./split z; ./self ./self self
        './a name' 1; PATH="$PWD/folder:$PATH"; found 2; ./link 3; sh ./plain 4; ./bad; . ./plain
        """)
    program.prepare = { sandbox in
      try sandbox.write("#!/bin/sh\nreturn 3 2>/dev/null || exit 3\n", to: "plain", mode: 0o755)
      try sandbox.write("#!/bin/sh -e\nfalse\n", to: "option", mode: 0o755)
      try sandbox.write("#!./interpreter with options\n", to: "nested", mode: 0o755)
      try sandbox.write("#!/bin/sh\nexit 5\n", to: "interpreter", mode: 0o755)
      try sandbox.write("#!/usr/bin/env -S sh -e\nexit 6\n", to: "split", mode: 0o755)
      try sandbox.write("#!/bin/sh\nexit 7\n", to: "self", mode: 0o755)
      try sandbox.write("#! /bin/sh \nexit 8\n", to: "a name", mode: 0o755)
      try FileManager.default.createDirectory(
        atPath: sandbox.work + "/folder", withIntermediateDirectories: false)
      try sandbox.write("#!/bin/sh\nexit 9\n", to: "folder/found", mode: 0o755)
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.work + "/link", withDestinationPath: "self")
      try sandbox.write("#!/nonexistent\n", to: "bad", mode: 0o755)
    }
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      fixture.expectLines([
        "plain a 'b c' '' | exited 3 | < -", "option x | exited 1 | < -",
        "nested y | exited 5 | < -",
        "split z | replaced | < -", "sh -e ./split z | exited 6 | < split",
        "self ./self self | exited 7 | < -", "'a name' 1 | exited 8 | < -",
        "found 2 | exited 9 | < -", "link 3 | exited 7 | < -", "sh ./plain 4 | exited 3 | < -",
        "bad | failed ENOENT | < -",
      ])
      let interpreters = fixture.recordings.map {
        "\($0.command): \($0.process.interpreter ?? "none")"
      }
      #expect(
        interpreters.sorted() == [
          "a name: /bin/sh", "bad: none", "found: /bin/sh", "link: /bin/sh", "nested: /bin/sh",
          "option: /bin/sh", "plain: /bin/sh", "self: /bin/sh", "sh: none", "sh: none",
          "split: /usr/bin/env",
        ])
      let plain = try #require(fixture.recordings.first { $0.command == "plain" })
      #expect(plain.process.executable?.hasSuffix("/plain") == true)
      #expect(plain.process.argv0 == "./plain")
    }
  }

  @Test("Found in the working directory, by an empty element of PATH", arguments: ["", "env "])
  func emptyElement(prefix: String) throws {
    var program = TracedProgram(shell: #"PATH="$PATH:"; \#(prefix)here 1; (exec \#(prefix)here 2)"#)
    program.prepare = { try $0.write("#!/bin/sh\nexit 5\n", to: "here", mode: 0o755) }
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      let found = fixture.recordings.filter { $0.command == "here" }
      #expect(found.map(\.exitCode) == [5, 5])
      for each in found {
        #expect(each.process.executable?.hasSuffix("/here") == true)
        #expect(each.process.opaque == nil)
      }
    }
  }

  @Test("A root that is a script")
  func root() throws {
    var program = TracedProgram("./root.sh", "one", "")
    program.prepare = {
      try $0.write("#!/bin/sh -u\n/bin/echo $#; exit 4\n", to: "root.sh", mode: 0o755)
    }
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(4))
      guard let fixture = outcome.fixture else { continue }
      fixture.expectLines(["echo 2 | exited 0 | < -"])
      #expect(fixture.metadata.session?.command == ["./root.sh", "one", ""])
    }
  }
}
