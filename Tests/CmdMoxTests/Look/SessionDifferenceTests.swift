import Testing

@testable import CmdMox

@Suite("Differences") struct SessionDifferenceTests {
  private func difference(
    _ first: [RecordedInvocation], _ second: [RecordedInvocation]
  ) -> SessionDifference {
    SessionDifference(Looked.view(first), Looked.view(second))
  }

  @Test("The same commands in another order are the same")
  func order() {
    let first = [
      Looked.recording(0, "make"), Looked.recording(1, parent: 0, "gcc a.c"),
      Looked.recording(2, parent: 0, "gcc b.c"),
    ]
    let second = [
      Looked.recording(0, "make"), Looked.recording(1, parent: 0, "gcc b.c"),
      Looked.recording(2, parent: 0, "gcc a.c"),
    ]
    #expect(difference(first, second).isSame)
    #expect(difference(first, first).isSame)
    #expect(difference([], []).isSame)
  }

  @Test("What is new and what is gone is listed without what it ran")
  func addedAndRemoved() {
    let first = [
      Looked.recording(0, "make"), Looked.recording(1, parent: 0, "gcc a.c"),
      Looked.recording(2, parent: 1, "cc1 a.c"),
    ]
    let second = [
      Looked.recording(0, "make"), Looked.recording(1, parent: 0, "ld -o x"),
      Looked.recording(2, parent: 1, "plugin"),
    ]
    let found = difference(first, second)
    #expect(found.removed == [1] && found.added == [1] && !found.isSame)
    #expect(found.changed.isEmpty && found.moved.isEmpty)
    #expect(found.first.tree.countBelow(1) == 1)
  }

  @Test("A command with other options is the same command, changed; another source is another one")
  func arguments() {
    let first = [
      Looked.recording(0, "gcc -O2 -Wall -c a.c -o a.o"), Looked.recording(1, "gcc -c b.c"),
    ]
    let second = [Looked.recording(0, "gcc -O3 -c a.c -o a.o"), Looked.recording(1, "gcc -c d.c")]
    let found = difference(first, second)
    #expect(
      found.changed == [
        SessionDifference.Change(
          pair: .init(first: 0, second: 0),
          facets: [.arguments(removed: ["-O2", "-Wall"], added: ["-O3"])])
      ])
    #expect(found.removed == [1] && found.added == [1])
  }

  @Test("Outcome, variables, directory and program are compared")
  func facets() {
    var first = Looked.recording(0, "tool x") {
      $0.cwd = "/a"
      $0.executable = "/usr/bin/tool"
    }
    var second = Looked.recording(0, "tool x", exit: 1) {
      $0.cwd = "/b"
      $0.executable = "/opt/tool"
    }
    first.envSubset = ["A": "1", "B": "2"]
    second.envSubset = ["B": "3", "C": "4"]
    #expect(
      difference([first], [second]).changed.first?.facets == [
        .variable("A", first: "1", second: nil), .variable("B", first: "2", second: "3"),
        .variable("C", first: nil, second: "4"), .outcome("ok", "exit 1"), .directory("/a", "/b"),
        .program("/usr/bin/tool", "/opt/tool"),
      ])
  }

  @Test("The same command under another parent was moved")
  func moved() {
    let first = [
      Looked.recording(0, "make -C a"), Looked.recording(1, "make -C b"),
      Looked.recording(2, parent: 0, "gcc x.c"),
    ]
    let second = [
      Looked.recording(0, "make -C a"), Looked.recording(1, "make -C b"),
      Looked.recording(2, parent: 1, "gcc x.c"),
    ]
    let found = difference(first, second)
    #expect(found.moved == [.init(first: 2, second: 2)])
    #expect(found.added.isEmpty && found.removed.isEmpty && found.changed.isEmpty)
  }

  @Test(
    "What differs in every run does not count",
    arguments: [
      ("as /tmp/ccxoZh0L.s", "as /tmp/ccabcdef.s"),
      ("as /build/ccxoZh0L.s", "as /build/cc123abc.s"),
      ("mv /tmp/tmp.aB3dE6fGhI x", "mv /tmp/tmp.ZZ9yX8wV7u x"),
      ("mv ./confsfz74t/out x", "mv ./confpCfaeu/out x"),
      ("make --jobserver-auth=3,4", "make --jobserver-auth=5,6"),
      ("rm conf1000.sh", "rm conf2000.sh"),
      ("gcc -I/srv/one/inc", "gcc -I/home/me/two/inc"), ("cd /srv/one", "cd /home/me/two"),
    ])
  func noise(first: String, second: String) {
    func view(_ line: String, pid: Int, cwd: String) -> SessionView {
      var fixture = Looked.view([Looked.recording(0, line) { $0.pid = pid }]).fixture
      fixture.metadata.session?.cwd = cwd
      return SessionView(fixture)
    }
    let one = view(first, pid: 1000, cwd: "/srv/one")
    #expect(SessionDifference(one, view(second, pid: 2000, cwd: "/home/me/two")).isSame)
  }

  @Test(
    "What only looks like it does count",
    arguments: [
      ("as /tmp/first.s", "as /tmp/second.s"), ("rm file10001", "rm file20001"),
      ("gcc -I/srv/one2", "gcc -I./2"), ("make -j2", "make -j4"),
    ])
  func noNoise(first: String, second: String) {
    #expect(!difference([Looked.recording(0, first)], [Looked.recording(0, second)]).isSame)
  }

  @Test("Slower is what took longer by itself than all the others did")
  func timing() {
    let first = (0..<20).map { Looked.recording($0, "gcc \($0).c", from: 0, to: 100) }
    let second = (0..<20).map {
      Looked.recording($0, "gcc \($0).c", from: 0, to: $0 == 7 ? 900 : $0 == 9 ? 20 : 200)
    }
    let found = difference(first, second)
    #expect(found.isSame)
    #expect(found.timing.factor == 2)
    #expect(found.timing.slower.map(\.pair.first) == [7])
    #expect(found.timing.faster.map(\.pair.first) == [9])
  }

  @Test("Own time is what no child ran in")
  func ownTime() {
    let view = Looked.view([
      Looked.recording(0, from: 0, to: 100), Looked.recording(1, parent: 0, from: 10, to: 30),
      Looked.recording(2, parent: 0, from: 20, to: 50),
      Looked.recording(3, parent: 0, from: 90, to: 300),
    ])
    #expect(OwnTime(view).lengthsUs == [50_000, 20_000, 30_000, 210_000])
  }
}
