/// A test that replays a fixture: it asks for each command that was recorded, and expects what the
/// session answers.
package struct GeneratedTest: Sendable {
  /// What a test is written in.
  package enum Language: String, CaseIterable, Sendable {
    /// Swift Testing, with this library.
    case swift
    /// pytest, with the Python package cmd-mox.
    case python
  }

  /// Where the fixture is, seen from the test.
  package enum Place: Equatable, Sendable {
    case absolute(String)
    /// From the folder of the test's file.
    case relative(String)
  }

  /// One command and its answer.
  struct Step: Equatable, Sendable {
    let sequence: Int
    let invocation: RecordedInvocation
    let stdout: String
    let stderr: String
    let exitCode: Int
  }

  /// How many commands a test asks for, and how long the standard input of one may be, in bytes.
  package static let longest = 200
  private static let longestInput = 1 << 16
  /// Longer output is compared by its length, in bytes.
  static let longestOutput = 2000

  let name: String
  let place: Place
  let steps: [Step]
  /// Whether the test asks for every recording.
  package let isComplete: Bool

  /// - Parameters:
  ///   - fixture: what is replayed.
  ///   - name: the fixture's name; what cannot stand in an identifier is left out.
  /// - Throws: as `ReplaySession.load` does.
  package init(
    _ fixture: FixtureFile, name: String, place: Place, language: Language
  ) throws {
    self.name = name
    self.place = place
    switch language {
    case .swift: (steps, isComplete) = try Self.swiftSteps(fixture)
    case .python: (steps, isComplete) = try Self.pythonSteps(fixture)
    }
  }

  /// The answers of this library; commands that stand inside others are answered with those.
  private static func swiftSteps(_ fixture: FixtureFile) throws -> ([Step], Bool) {
    let session = try ReplaySession(fixture: fixture)
    let recordings = fixture.recordings.sorted { $0.sequence < $1.sequence }
    let tree = RecordingTree(recordings) { _ in false }
    var steps: [Step] = []
    for place in recordings.indices where tree.isOutermost(place) {
      let recording = recordings[place]
      guard steps.count < longest, recording.stdin.utf8.count <= longestInput,
        let answer = try? session.match(recording.invocation)
      else { continue }
      steps.append(
        Step(
          sequence: recording.sequence, invocation: recording, stdout: answer.stdout,
          stderr: answer.stderr, exitCode: answer.exitCode))
    }
    return (steps, try session.verdict().unusedCount == 0)
  }

  /// The answers of cmd-mox, which knows neither processes nor matching rules.
  private static func pythonSteps(_ fixture: FixtureFile) throws -> ([Step], Bool) {
    try fixture.checkReplayable(nil)
    let recordings = fixture.recordings.sorted { $0.sequence < $1.sequence }
    let matcher = try InvocationMatcher(recordings.map(\.knownToPython))
    var steps: [Step] = []
    for recording in recordings {
      guard steps.count < longest, recording.stdin.utf8.count <= longestInput,
        let answer = try matcher.next(for: recording.knownToPython.invocation)
      else { continue }
      steps.append(
        Step(
          sequence: recording.sequence, invocation: recording, stdout: answer.stdout,
          stderr: answer.stderr, exitCode: answer.exitCode))
    }
    return (steps, matcher.consumedCount == recordings.count)
  }

  /// The words of the fixture's name, letters and digits only.
  var words: [String] {
    let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
    return words.isEmpty ? ["fixture"] : words
  }
}

extension RecordedInvocation {
  /// The members that cmd-mox reads.
  fileprivate var knownToPython: RecordedInvocation {
    var known = self
    known.process = nil
    known.bytes = ExactBytes()
    return known
  }

  /// The command as a program gives it.
  fileprivate var invocation: Invocation {
    var invocation = Invocation(command: command, args: args, stdin: stdin, env: envSubset)
    invocation.bytes = bytes
    return invocation
  }
}
