package import SystemPackage

/// A fixture as it is looked at: its recordings, who started whom, and when each one ran.
package struct SessionView: Sendable {
  /// Without the streams of most recordings: see `load`.
  package let fixture: FixtureFile
  package let tree: ProcessTree
  /// When each recording ran; by place.
  package let intervals: [Interval]
  /// How long each recording's process went on after its start: a program that executed another one
  /// in its place lives on in that one.
  package let lifetimes: [Interval]
  /// When the session began, in microseconds since 1970; nil where no recording tells.
  package let epochUs: Int?
  /// From the start of the session to its end, or to that of its last recording.
  package let whole: Interval

  package var recordings: [RecordedInvocation] { fixture.recordings }
  package var facts: SessionFacts { fixture.metadata.session ?? SessionFacts() }

  package init(_ fixture: FixtureFile) {
    self.fixture = fixture
    tree = ProcessTree(fixture.recordings)
    let epochUs = Self.epoch(of: fixture.recordings)
    self.epochUs = epochUs
    let intervals = fixture.recordings.map { Interval(of: $0, epochUs: epochUs) }
    self.intervals = intervals
    lifetimes = Self.lifetimes(intervals, fixture.recordings, tree)
    let milliseconds = min(max(fixture.metadata.session?.durationMs ?? 0, 0), 1 << 40)
    whole = Interval(
      startUs: 0, endUs: intervals.reduce(milliseconds * 1000) { max($0, $1.endUs) })
  }

  private static func lifetimes(
    _ intervals: [Interval], _ recordings: [RecordedInvocation], _ tree: ProcessTree
  ) -> [Interval] {
    var lifetimes = intervals
    // Children before their parents.
    for place in tree.depthFirst.reversed()
    where recordings[place].process?.termination == .replaced {
      guard let successor = successor(of: place, recordings, tree) else { continue }
      lifetimes[place] = Interval(
        startUs: intervals[place].startUs,
        endUs: max(intervals[place].endUs, lifetimes[successor].endUs))
    }
    return lifetimes
  }

  /// The place of the program that a replaced one executed; nil where it is not recorded.
  package func successor(of place: Int) -> Int? { Self.successor(of: place, recordings, tree) }

  private static func successor(
    of place: Int, _ recordings: [RecordedInvocation], _ tree: ProcessTree
  ) -> Int? {
    let pid = recordings[place].process?.pid
    return tree.children(of: place).last { recordings[$0].process?.pid == pid }
  }

  /// Reads a fixture; blocks meanwhile.
  ///
  /// - Parameter keepsStreams: whether a recording's stdin, stdout and stderr are looked at. They can
  ///   be most of a fixture, and are not kept otherwise.
  /// - Throws: `FixtureError`, as `FixtureFile.load` does.
  package static func load(
    _ path: FilePath, keepsStreams: (RecordedInvocation) -> Bool = { _ in false }
  ) throws -> SessionView {
    var recordings: [RecordedInvocation] = []
    var fixture = try FixtureReader.forEachRecording(in: path) { recording in
      recordings.append(keepsStreams(recording) ? recording : recording.withoutStreams)
    }
    fixture.recordings = recordings
    return SessionView(fixture)
  }

  /// The place of a recording; nil where no recording has this sequence.
  package func place(ofSequence sequence: Int) -> Int? {
    if recordings.indices.contains(sequence), recordings[sequence].sequence == sequence {
      return sequence
    }
    return recordings.firstIndex { $0.sequence == sequence }
  }

  /// The moment at which a time of the session was, in microseconds since 1970.
  package func moment(_ timeUs: Int) -> Int { (epochUs ?? 0) + timeUs }

  /// The first recording that has both a timestamp and a time within the session tells; without any,
  /// the earliest timestamp is the start.
  private static func epoch(of recordings: [RecordedInvocation]) -> Int? {
    var earliest: Int?
    for recording in recordings {
      guard let moment = Timestamp(recording.timestamp)?.microseconds else { continue }
      if let startedUs = recording.process?.startedUs {
        return moment - Interval(startUs: startedUs, endUs: startedUs).startUs
      }
      earliest = min(earliest ?? moment, moment)
    }
    return earliest
  }
}

extension RecordedInvocation {
  fileprivate var withoutStreams: RecordedInvocation {
    guard !stdin.isEmpty || !stdout.isEmpty || !stderr.isEmpty else { return self }
    var recording = self
    for (member, text) in [("stdin", \Self.stdin), ("stdout", \.stdout), ("stderr", \.stderr)] {
      recording[keyPath: text] = ""
      if !recording.bytes.isEmpty { recording.bytes[member] = nil }
    }
    return recording
  }
}
