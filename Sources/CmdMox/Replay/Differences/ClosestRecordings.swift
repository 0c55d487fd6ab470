/// Finds the recordings that come closest to an invocation that none answered, and says how they
/// differ. What it looks at is bounded, however many recordings there are.
struct ClosestRecordings {
  private let matcher: InvocationMatcher
  private let live: NormalizedInvocation
  private let stdin: NormalizedStdin
  private let mask: SecretMask

  /// How many recordings of the same command are compared.
  private static let compared = 500
  /// How many are shown.
  private static let shown = 3
  /// How many differences of each are shown.
  private static let shownDifferences = 6

  init(
    _ matcher: InvocationMatcher, _ live: NormalizedInvocation, _ stdin: NormalizedStdin,
    _ mask: SecretMask
  ) {
    self.matcher = matcher
    self.live = live
    self.stdin = stdin
    self.mask = mask
  }

  private struct Candidate {
    let place: Int
    let arguments: ArgumentDifference
    let others: [String]
    let isUsed: Bool

    var rank: (Int, Int, Int, Int) {
      (arguments.cost, others.count, isUsed ? 1 : 0, place)
    }
  }

  /// The closest first.
  func find() -> [RecordingDifference] {
    let places = Self.sample(matcher.commands.places(of: live.command)) { matcher.use.isUsed($0) }
    return places.map(candidate).sorted { $0.rank < $1.rank }.prefix(Self.shown).map(difference)
  }

  /// The first that have not answered, and the last that have.
  private static func sample(_ places: [Int], isUsed: @escaping (Int) -> Bool) -> [Int] {
    guard places.count > compared else { return places }
    let unused = places.lazy.filter { !isUsed($0) }.prefix(compared / 2)
    let used = places.reversed().lazy.filter(isUsed).prefix(compared / 2)
    return Array(unused) + Array(used)
  }

  private func candidate(_ place: Int) -> Candidate {
    let recording = matcher.recordings[place]
    return Candidate(
      place: place,
      arguments: ArgumentDifference(
        live: live.args, recorded: matcher.normalizer.arguments(of: recording)),
      others: variables(recording) + directory(recording) + standardInput(recording),
      isUsed: matcher.use.isUsed(place))
  }

  private func difference(_ candidate: Candidate) -> RecordingDifference {
    let recording = matcher.recordings[candidate.place]
    let words = mask.shown([recording.commandBytes] + recording.argumentBytes)
    let arguments = arguments(
      candidate.arguments.steps,
      recorded: mask.shown([live.command] + matcher.normalizer.arguments(of: recording)))
    var differences = arguments + candidate.others
    if differences.count > Self.shownDifferences {
      let more = differences.count - Self.shownDifferences
      differences = differences.prefix(Self.shownDifferences) + ["\(more) more differences"]
    }
    return RecordingDifference(
      sequence: recording.sequence, commandLine: words, isUsed: candidate.isUsed,
      differences: differences)
  }
}

// MARK: What differs

extension ClosestRecordings {
  /// - Parameter recorded: the recorded words as they are shown, the command included.
  private func arguments(_ steps: [ArgumentDifference.Step], recorded: [String]) -> [String] {
    let shown = mask.shown([live.command] + live.args)
    return steps.map { step in
      switch step {
      case .changed(let live, let place):
        let (here, there) = (shown[live + 1], recorded[place + 1])
        return here == there
          ? "argument \(live + 1) differs"
          : "argument \(live + 1) is \(ShownText.word(here)), recorded \(ShownText.word(there))"
      case .added(let live):
        return "argument \(live + 1), \(ShownText.word(shown[live + 1])), was not recorded"
      case .missing(let place):
        return "argument \(place + 1) of the recording, "
          + "\(ShownText.word(recorded[place + 1])), is missing"
      }
    }
  }

  private func variables(_ recording: RecordedInvocation) -> [String] {
    matcher.normalizer.variables(of: recording).compactMap { variable in
      let name = String(decoding: variable.name.bytes, as: UTF8.self)
      guard let value = live.variables[variable.name] else { return "variable \(name) is missing" }
      guard value != variable.value else { return nil }
      let (here, there) = (mask.shown(value, of: name), mask.shown(variable.value, of: name))
      guard here != there, !SecretMask.isSecret(variable.name.bytes) else {
        return "variable \(name) differs"
      }
      return "variable \(name) is \(ShownText.word(here)), recorded \(ShownText.word(there))"
    }
  }

  private func directory(_ recording: RecordedInvocation) -> [String] {
    guard matcher.options.directory == .required, let cwd = live.cwd,
      let recorded = matcher.normalizer.directory(of: recording), recorded != cwd
    else { return [] }
    let shown = mask.shown([[], cwd, recorded]).map(ShownText.word)
    return ["the directory is \(shown[1]), recorded \(shown[2])"]
  }

  private func standardInput(_ recording: RecordedInvocation) -> [String] {
    guard matcher.options.mode == .strict,
      let recorded = RecordedStdin(recording, matcher.normalizer),
      let agrees = try? stdin.agrees(with: recorded), !agrees,
      let live = try? stdin.prefix(.max)
    else { return [] }
    let same = zip(live, recorded.bytes).prefix { $0 == $1 }.count
    if same == live.count {
      return ["standard input ends after \(same) bytes, recorded \(recorded.bytes.count)"]
    }
    if same == recorded.bytes.count {
      return ["standard input goes on after the \(same) bytes that were recorded"]
    }
    let line = live[..<same].count { $0 == UInt8(ascii: "\n") } + 1
    return ["standard input differs at byte \(same + 1), line \(line)"]
  }
}

// MARK: Commands

extension InvocationMatcher {
  /// Recorded commands with a similar name, the most similar first.
  func commands(like command: [UInt8]) -> [String] {
    let letters = command.map { [$0] }
    let alike = commands.commands.prefix(1000).compactMap { name -> (cost: Int, name: [UInt8])? in
      guard name.count < 100, letters.count < 100 else { return nil }
      let cost = ArgumentDifference(live: letters, recorded: name.map { [$0] }).cost
      // Two letters exchanged, added or gone, and not the whole name.
      return cost <= 4 && cost < 2 * letters.count ? (cost, name) : nil
    }
    return alike.sorted { $0.cost < $1.cost }.prefix(3).map {
      String(decoding: $0.name, as: UTF8.self)
    }
  }
}
