import Testing

@testable import CmdMox

@Suite("What took the time") struct TimeTests {
  private func path(_ view: SessionView) -> [String] {
    CriticalPath(view).pieces.map {
      "\($0.place ?? -1) \($0.interval.startUs / 1000)-\($0.interval.endUs / 1000)"
    }
  }

  @Test("The critical path goes from each end to the child that ended last before")
  func criticalPath() {
    let view = Looked.view(
      [
        Looked.recording(0, from: 10, to: 40), Looked.recording(1, from: 10, to: 80),
        Looked.recording(2, parent: 1, from: 20, to: 70), Looked.recording(3, from: 85, to: 90),
      ], durationMs: 100)
    #expect(
      path(view) == [
        "-1 0-10", "1 10-20", "2 20-70", "1 70-80", "-1 80-85", "3 85-90", "-1 90-100",
      ])
  }

  @Test("A program that was replaced lives on in its successor")
  func replaced() {
    let view = Looked.view(
      [
        Looked.recording(0, from: 0, to: 10) { $0.termination = .replaced },
        Looked.recording(1, parent: 0, from: 10, to: 90) { $0.pid = 1000 },
      ], durationMs: 100)
    #expect(view.lifetimes.map(\.endUs) == [90_000, 90_000])
    #expect(OwnTime(view).lengthsUs == [10_000, 80_000])
    #expect(path(view) == ["0 0-10", "1 10-90", "-1 90-100"])
    #expect(Lanes(view).lanes == [0, 0])
  }

  @Test(
    "Whatever times are said to be, the path covers the session without gaps", arguments: 0..<40)
  func random(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let recordings = (0..<100).map { place in
      Looked.recording(
        place, parent: Bool.random(using: &random) ? Int.random(in: 0..<100, using: &random) : nil,
        from: Int.random(in: -5...50, using: &random), to: Int.random(in: -5...70, using: &random)
      ) { if Bool.random(using: &random) { $0.termination = .replaced } }
    }
    let view = Looked.view(recordings)
    var reached = 0
    for piece in CriticalPath(view).pieces {
      #expect(piece.interval.startUs == reached && piece.interval.lengthUs > 0)
      reached = piece.interval.endUs
    }
    #expect(reached == view.whole.endUs)
  }

  @Test("Who waits for children does not work")
  func parallelism() {
    let view = Looked.view([
      Looked.recording(0, from: 0, to: 100), Looked.recording(1, parent: 0, from: 0, to: 50),
      Looked.recording(2, parent: 0, from: 25, to: 100),
    ])
    let parallelism = Parallelism(view, pieces: 4)
    #expect(parallelism.averages == [1, 2, 1, 1])
    #expect(parallelism.average == 1.25)
    #expect(Parallelism(Looked.view([]), pieces: 4).averages.isEmpty)
  }

  @Test("Totals are by command, the longest first")
  func totals() {
    let view = Looked.view([
      Looked.recording(0, "gcc a.c", exit: 1, from: 0, to: 10) {
        $0.userCpuUs = 5
        $0.systemCpuUs = 2
      },
      Looked.recording(1, "ld", from: 10, to: 50), Looked.recording(2, "gcc b.c", from: 50, to: 60),
    ])
    let totals = CommandTotals.all(view, OwnTime(view))
    #expect(totals.map(\.command) == ["ld", "gcc"])
    #expect(totals[1].count == 2 && totals[1].failures == 1 && totals[1].ownUs == 20_000)
    #expect(totals[1].cpuUs == 7)
  }
}
