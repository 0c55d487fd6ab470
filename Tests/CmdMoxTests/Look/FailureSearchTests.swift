import Testing

@testable import CmdMox

@Suite("What failed, and because of what") struct FailureSearchTests {
  private func causes(_ view: SessionView) -> (unexpected: [[Int]], expected: [[Int]]) {
    let (unexpected, expected) = FailureSearch(view).chains()
    return (
      unexpected.map { [$0.cause] + $0.consequences }, expected.map { [$0.cause] + $0.consequences }
    )
  }

  @Test("The deepest failure comes first, then whoever failed because of it")
  func chain() {
    let view = Looked.view(
      [
        Looked.recording(0, "make -C lib", exit: 2, from: 0, to: 90),
        Looked.recording(1, parent: 0, "sh -c gcc", exit: 1, from: 1, to: 80),
        Looked.recording(2, parent: 1, "gcc a.c", exit: 1, from: 2, to: 70),
        Looked.recording(3, parent: 2, "cc1 a.c", exit: 1, from: 3, to: 60),
        Looked.recording(4, parent: 0, "gcc b.c", from: 3, to: 60),
      ], exit: 2)
    let (unexpected, expected) = FailureSearch(view).chains()
    #expect(
      unexpected == [FailureChain(cause: 3, consequences: [2, 1, 0], endedSession: true)])
    #expect(expected.isEmpty)
  }

  @Test("A failure that its parent survived was expected")
  func expected() {
    let view = Looked.view([
      Looked.recording(0, "configure", from: 0, to: 90),
      Looked.recording(1, parent: 0, "gcc conftest.c", exit: 1, from: 2, to: 70),
      Looked.recording(2, parent: 1, "cc1 conftest.c", exit: 1, from: 2, to: 70),
    ])
    #expect(causes(view).expected == [[2, 1]])
    #expect(causes(view).unexpected.isEmpty)
    let alone = Looked.view([
      Looked.recording(0, "configure", from: 0, to: 90),
      Looked.recording(1, parent: 0, "gcc conftest.c", exit: 1, from: 2, to: 70),
    ])
    #expect(causes(alone).expected == [[1]])
  }

  @Test("A question answered with no is not the cause where something else failed")
  func question() {
    let view = Looked.view(
      [
        Looked.recording(0, "sh build.sh", exit: 1, from: 0, to: 90),
        Looked.recording(1, parent: 0, "gcc a.c", exit: 1, from: 2, to: 20),
        Looked.recording(2, parent: 0, "grep x y", exit: 1, from: 30, to: 40),
      ], exit: 1)
    #expect(causes(view).unexpected == [[1, 0]])
    #expect(causes(view).expected == [[2]])
  }

  @Test("Of a shell's failures the last one counts, of make's each")
  func parents() {
    let children = [
      Looked.recording(1, parent: 0, "gcc a.c", exit: 1, from: 2, to: 20),
      Looked.recording(2, parent: 0, "gcc b.c", exit: 1, from: 2, to: 30),
    ]
    let shell = Looked.view(
      [Looked.recording(0, "sh x", exit: 1, from: 0, to: 90)] + children, exit: 1)
    #expect(causes(shell).unexpected == [[2, 0]])
    let make = Looked.view(
      [Looked.recording(0, "make", exit: 2, from: 0, to: 90)] + children, exit: 2)
    #expect(causes(make).unexpected == [[1, 0], [2, 0]])
  }

  @Test("What make started something more after was not why it stopped, unless it keeps going")
  func makeWentOn() {
    func view(_ options: String) -> SessionView {
      Looked.view(
        [
          Looked.recording(0, "make all", exit: 2, from: 0, to: 90),
          Looked.recording(1, parent: 0, "cat .version", exit: 1, from: 2, to: 5),
          Looked.recording(2, parent: 0, "gcc a.c", from: 6, to: 40),
          Looked.recording(3, parent: 0, "gcc b.c", exit: 1, from: 7, to: 50),
          Looked.recording(4, parent: 0, "gcc c.c", exit: 1, from: 8, to: 60),
        ], command: ["make"] + options.split(separator: " ").map(String.init), exit: 2)
    }
    #expect(causes(view("")).unexpected == [[3, 0], [4, 0]])
    #expect(causes(view("-f k.mk -Ck")).expected == [[1]])
    for options in ["-k", "-sk", "--keep-going"] {
      #expect(causes(view(options)).unexpected == [[1, 0], [3, 0], [4, 0]], "\(options)")
    }
  }

  @Test("The deepest cause stands first, whatever failed before it")
  func order() {
    let view = Looked.view(
      [
        Looked.recording(0, "run-tests", exit: 1, from: 0, to: 90),
        Looked.recording(1, parent: 0, "one", exit: 1, from: 1, to: 5),
        Looked.recording(2, parent: 0, "two", exit: 1, from: 6, to: 50),
        Looked.recording(3, parent: 2, "inner", exit: 1, from: 7, to: 40),
      ], exit: 1)
    #expect(causes(view).unexpected == [[3, 2, 0], [1, 0]])
  }

  @Test("A script that a shell runs is a shell")
  func script() {
    let children = [
      Looked.recording(1, parent: 0, "one", exit: 1, from: 2, to: 20),
      Looked.recording(2, parent: 0, "two", exit: 1, from: 22, to: 30),
    ]
    let script = Looked.recording(0, "build", exit: 1, from: 0, to: 90) {
      $0.interpreter = "/bin/bash"
    }
    #expect(causes(Looked.view([script] + children, exit: 1)).unexpected == [[2, 0]])
    let roots = children.map { child in
      var child = child
      child.process?.parent = nil
      return child
    }
    #expect(
      causes(Looked.view(roots, command: ["./build.sh"], exit: 1)).unexpected == [[1]])
    #expect(causes(Looked.view(roots, command: ["./build"], exit: 1)).unexpected == [[0], [1]])
  }

  @Test("Of a program that was replaced the end of its successor counts")
  func replacedLast() {
    let view = Looked.view(
      [
        Looked.recording(0, "sh build", exit: 1, from: 0, to: 90),
        Looked.recording(1, parent: 0, "sh -c gcc", from: 1, to: 2) { $0.termination = .replaced },
        Looked.recording(2, parent: 1, "gcc a.c", exit: 1, from: 2, to: 80) { $0.pid = 1001 },
        Looked.recording(3, parent: 0, "gcc b.c", exit: 1, from: 3, to: 60),
      ], exit: 1)
    #expect(causes(view).unexpected == [[2, 1, 0]])
  }

  @Test("A program that was replaced failed if its successor did")
  func replaced() {
    let view = Looked.view(
      [
        Looked.recording(0, "sh -c exec", from: 0, to: 1) { $0.termination = .replaced },
        Looked.recording(1, parent: 0, "gcc a.c", exit: 1, from: 1, to: 20) { $0.pid = 1000 },
      ], exit: 1)
    #expect(
      FailureSearch(view).chains().unexpected
        == [FailureChain(cause: 1, consequences: [0], endedSession: true)])
  }

  @Test("Without a session, what was outermost and failed counts")
  func noSession() {
    let fixture = FixtureFile(
      metadata: FixtureMetadata(createdAt: "", cmdmoxVersion: "", platform: ""),
      recordings: [Looked.recording(0, "git push", exit: 1)])
    #expect(causes(SessionView(fixture)).unexpected == [[0]])
  }

  @Test("Outcomes have words, whatever the recording says")
  func words() {
    let killed = Looked.recording(0, exit: 137) {
      $0.termination = .signaled
      $0.signal = 9
    }
    let missing = Looked.recording(0, exit: 127) {
      $0.termination = .failed
      $0.error = "ENO\u{1b}ENT"
    }
    let strange = Looked.recording(0, exit: -1) {
      $0.termination = Termination(rawValue: "\u{1b}[1m")
    }
    #expect(Outcome(killed).words == "SIGKILL")
    #expect(Outcome(missing).words == "ENO\\x1bENT")
    #expect(Outcome(strange).words == "exit -1")
    #expect(Outcome(Looked.recording(0)).words == "ok")
  }
}
