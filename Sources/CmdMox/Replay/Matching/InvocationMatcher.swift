/// Finds the recording that answers an invocation.
///
/// Of the recordings whose command and arguments agree, and in strict mode whose standard input and
/// variables agree too, the best one is taken: the one whose standard input is equal, then the one
/// with the most variables that agree, then the one that names the most, then the one that was
/// recorded first. Each answers once. Recordings that stand inside another one answer only where no
/// outermost one does, and count as used with the one around them.
///
/// An index keeps the time for each invocation independent of how many recordings there are. Not for
/// several threads at once; `ReplaySession` is.
public final class InvocationMatcher {
  /// In the order of sequence.
  let recordings: [RecordedInvocation]
  let options: MatchingOptions
  let normalizer: Normalizer
  /// The variables that recordings name.
  let names: VariableNames
  let tree: RecordingTree
  let use: RecordingUse
  private let groups: RecordingGroups
  /// Made for the first invocation that none answers.
  private(set) lazy var commands = CommandIndex(recordings)

  /// Takes recordings, in any order; each sequence stands there once.
  ///
  /// - Parameter scrubber: what the recordings were scrubbed with; live invocations are too.
  /// - Throws: `MatchingRuleError`, where a rule of `options` has no valid regular expression.
  public init(
    _ recordings: [RecordedInvocation], options: MatchingOptions = MatchingOptions(),
    scrubber: (any Scrubber)? = nil
  ) throws {
    self.recordings = recordings.inOrder
    self.options = options
    normalizer = try Normalizer(options.rules, scrubber: scrubber)
    let tree = RecordingTree(self.recordings, passesOver: options.runs)
    self.tree = tree
    let inOrder = self.recordings
    use = RecordingUse(count: inOrder.count, tree: tree) { inOrder[$0].duty(options) }
    groups = RecordingGroups(inOrder, tree: tree, normalizer, options, use)
    var names = VariableNames()
    for recording in inOrder {
      for name in recording.envSubset.keys {
        names.insert(recording.bytes[EnvironmentTexts.keys, name] ?? Array(name.utf8))
      }
    }
    self.names = names
  }

  /// The recording that answers an invocation, which is then used; nil where there is none.
  ///
  /// - Throws: what the scrubber throws.
  public func next(for invocation: Invocation) throws -> RecordedInvocation? {
    let live = LiveInvocation(invocation)
    let normalized = try normalizer.normalized(live, names: names)
    let stdin = LiveStdin(
      bytes: invocation.bytes.exact("stdin", text: invocation.stdin), isAtEnd: true, isWhole: true)
    guard let place = try place(for: normalized, NormalizedStdin(stdin, of: live, normalizer))
    else { return nil }
    take(place)
    return recordings[place]
  }

  /// How many recordings are used.
  public var consumedCount: Int { use.usedCount }

  /// Notes that the recording at a place answers.
  func take(_ place: Int) {
    use.use(place) { groups.use($0) }
  }
}

extension [RecordedInvocation] {
  /// In the order of sequence.
  fileprivate var inOrder: [RecordedInvocation] {
    // By place: an element as a whole would be copied.
    let isInOrder = indices.dropFirst().allSatisfy { self[$0 - 1].sequence < self[$0].sequence }
    return isInOrder ? self : sorted { $0.sequence < $1.sequence }
  }
}

extension MatchingOptions {
  /// Whether a command really runs.
  func runs(_ recording: RecordedInvocation) -> Bool {
    !commandsToRun.isEmpty && commandsToRun.contains(recording.command)
  }
}

extension RecordedInvocation {
  /// What could not be executed when it was recorded fails by itself again.
  fileprivate func duty(_ options: MatchingOptions) -> RecordingUse.Duty {
    options.runs(self) ? .neverAnswers : process?.termination == .failed ? .mayAnswer : .answers
  }
}

// MARK: Choosing

extension InvocationMatcher {
  /// How many bytes of standard input, counted from its beginning, are worth knowing; nil where what is
  /// known decides.
  func lengthWorthKnowing(_ live: NormalizedInvocation, _ stdin: NormalizedStdin) -> Int? {
    if options.order == .strict {
      let next = use.next()
      guard options.mode == .strict || groups.inputCount(live, among: next) > 1 else { return nil }
      return groups.lengthWorthKnowing(live, stdin, among: next)
    }
    // Where they repeat, one that has answered may be the one that agrees.
    let turn = options.repeatsLast ? EnvironmentIndex.Turn.last : .next(isUsed: use.isUsed)
    guard options.mode == .strict || groups.inputCount(live, turn) > 1 else { return nil }
    return groups.lengthWorthKnowing(live, stdin, turn)
  }

  /// Whether a recorded command had seen the end behind what is known of standard input.
  func expectsEnd(of stdin: NormalizedStdin, _ place: Int) -> Bool {
    guard options.mode == .strict, let recorded = RecordedStdin(recordings[place], normalizer)
    else {
      return false
    }
    return recorded.isEnded && recorded.length > 0 && recorded.length == stdin.count
  }

  /// The place of the recording that answers; this does not use it.
  func place(for live: NormalizedInvocation, _ stdin: NormalizedStdin) throws -> Int? {
    if options.order == .strict { return try groups.best(live, stdin, among: use.next()) }
    if let place = try groups.best(live, stdin, .next(isUsed: use.isUsed)) { return place }
    return options.repeatsLast ? try groups.best(live, stdin, .last) : nil
  }

  /// The place of a recording that agrees, whether it may answer now or not.
  func anyPlace(for live: NormalizedInvocation, _ stdin: NormalizedStdin) throws -> Int? {
    try groups.best(live, stdin, .last)
  }
}
