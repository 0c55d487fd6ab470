/// The index: recordings by command and arguments.
///
/// Not for several threads at once.
final class RecordingGroups {
  /// Recordings with the same key. Most groups have one member and need no table; a table is made
  /// when it is asked for first.
  private enum Group {
    case one(Int)
    case listed([Int])
    case table(CandidateTable)
  }

  private let recordings: [RecordedInvocation]
  private let normalizer: Normalizer
  private let options: MatchingOptions
  private let use: RecordingUse
  private let hasInner: Bool
  private var groups: [Group] = []
  private var groupsByKey: [ByteString: Int] = [:]
  /// The group of each recording; -1 for none.
  private var groupOf: [Int32]

  /// - Parameter recordings: in the order of sequence.
  init(
    _ recordings: [RecordedInvocation], tree: RecordingTree, _ normalizer: Normalizer,
    _ options: MatchingOptions, _ use: RecordingUse
  ) {
    self.recordings = recordings
    self.normalizer = normalizer
    self.options = options
    self.use = use
    hasInner = tree.isNested
    groupOf = Array(repeating: -1, count: recordings.count)
    groupsByKey.reserveCapacity(recordings.count)
    for (place, recording) in recordings.enumerated() where !options.runs(recording) {
      add(place, key: key(recording, isOutermost: tree.isOutermost(place)))
    }
  }

  private func add(_ place: Int, key: ByteString) {
    let group = groupsByKey[key] ?? groups.count
    groupOf[place] = Int32(group)
    guard group < groups.count else {
      groupsByKey[key] = group
      return groups.append(.one(place))
    }
    switch groups[group] {
    case .one(let first): groups[group] = .listed([first, place])
    case .listed(var members):
      // Nothing else may hold the list, or each addition would copy it.
      groups[group] = .one(place)
      members.append(place)
      groups[group] = .listed(members)
    case .table: break
    }
  }

  /// Notes that a recording has been used.
  func use(_ place: Int) {
    guard groupOf[place] >= 0 else { return }
    if case .table(let table) = groups[Int(groupOf[place])] { table.use(place) }
  }
}

// MARK: Keys

extension RecordingGroups {
  private func key(_ recording: RecordedInvocation, isOutermost: Bool) -> ByteString {
    var key = ByteString()
    key.bytes.reserveCapacity(256)
    key.bytes.append(isOutermost ? 0 : 1)
    if recording.bytes.isEmpty, normalizer.keepsArguments {
      key.append(part: recording.command.utf8)
      for argument in recording.args { key.append(part: argument.utf8) }
    } else {
      key.append(part: recording.commandBytes)
      for argument in normalizer.arguments(of: recording) { key.append(part: argument) }
    }
    if options.directory == .required, let cwd = normalizer.directory(of: recording) {
      key.append(directory: cwd)
    }
    // `map` makes an array of exactly its count.
    return ByteString(key.bytes.map { $0 })
  }

  /// The keys of the groups that can answer: those of outermost recordings, those of inner ones.
  private func keys(_ live: NormalizedInvocation) -> [[ByteString]] {
    var key = ByteString()
    key.bytes.reserveCapacity(256)
    key.bytes.append(0)
    key.append(part: live.command)
    for argument in live.args { key.append(part: argument) }
    var outer = [key]
    if options.directory == .required, let cwd = live.cwd {
      key.append(directory: cwd)
      outer.append(key)
    }
    return hasInner ? [outer, outer.map { ByteString([1] + $0.bytes.dropFirst()) }] : [outer]
  }
}

extension ByteString {
  /// Adds a directory behind any number of arguments.
  fileprivate mutating func append(directory: [UInt8]) {
    bytes.append(contentsOf: repeatElement(0xff, count: 4))
    bytes.append(contentsOf: directory)
  }
}

// MARK: Look-up

extension RecordingGroups {
  /// The place of the recording that agrees best.
  func best(
    _ live: NormalizedInvocation, _ stdin: NormalizedStdin, _ turn: EnvironmentIndex.Turn
  ) throws -> Int? {
    for keys in keys(live) {
      var best: EnvironmentIndex.Match?
      for key in keys {
        guard let group = groupsByKey[key],
          let match = try match(group, live, stdin, turn), match.isBetter(than: best)
        else { continue }
        best = match
      }
      if let best { return best.place }
    }
    return nil
  }

  /// How many different standard inputs the recordings have that agree in command and arguments.
  func inputCount(_ live: NormalizedInvocation, _ turn: EnvironmentIndex.Turn) -> Int {
    keys(live).joined().reduce(0) { sum, key in
      guard let group = groupsByKey[key] else { return sum }
      switch groups[group] {
      case .one(let place): return sum + (turn.takes(place) ? 1 : 0)
      case .listed, .table: return sum + table(group).inputCount(turn)
      }
    }
  }

  /// How many bytes of standard input, counted from its beginning, are worth knowing.
  func lengthWorthKnowing(
    _ live: NormalizedInvocation, _ stdin: NormalizedStdin, _ turn: EnvironmentIndex.Turn
  ) -> Int? {
    keys(live).joined().compactMap { key in
      guard let group = groupsByKey[key] else { return nil }
      switch groups[group] {
      case .one(let place): return turn.takes(place) ? lengthWorthKnowing(place, stdin) : nil
      case .listed, .table: return table(group).lengthWorthKnowing(stdin, turn)
      }
    }.min()
  }

  /// The place of the one that agrees best of a few.
  func best(
    _ live: NormalizedInvocation, _ stdin: NormalizedStdin, among places: [Int]
  ) throws -> Int? {
    var best: EnvironmentIndex.Match?
    for place in alike(live, places) {
      if let match = try match(recordings[place], place, live, stdin), match.isBetter(than: best) {
        best = match
      }
    }
    return best?.place
  }

  /// The same where only these may answer.
  func lengthWorthKnowing(
    _ live: NormalizedInvocation, _ stdin: NormalizedStdin, among places: [Int]
  ) -> Int? {
    alike(live, places).compactMap { lengthWorthKnowing($0, stdin) }.min()
  }

  /// How many of these agree in command and arguments.
  func inputCount(_ live: NormalizedInvocation, among places: [Int]) -> Int {
    alike(live, places).count
  }

  private func lengthWorthKnowing(_ place: Int, _ stdin: NormalizedStdin) -> Int? {
    RecordedStdin(recordings[place], normalizer).flatMap { stdin.lengthWorthKnowing($0) }
  }

  /// Those of a few of which command and arguments agree.
  private func alike(_ live: NormalizedInvocation, _ places: [Int]) -> [Int] {
    let groups = Set(keys(live).joined().compactMap { groupsByKey[$0] })
    return places.filter { groups.contains(Int(groupOf[$0])) }
  }

  private func match(
    _ group: Int, _ live: NormalizedInvocation, _ stdin: NormalizedStdin,
    _ turn: EnvironmentIndex.Turn
  ) throws -> EnvironmentIndex.Match? {
    switch groups[group] {
    case .one(let place):
      return turn.takes(place) ? try match(recordings[place], place, live, stdin) : nil
    case .listed, .table: return try table(group).best(live, stdin, turn)
    }
  }

  private func table(_ group: Int) -> CandidateTable {
    if case .table(let table) = groups[group] { return table }
    var places: [Int] = []
    if case .listed(let members) = groups[group] { places = members }
    let table = CandidateTable(
      recordings, at: places, normalizer, options.mode, isUsed: use.isUsed)
    groups[group] = .table(table)
    return table
  }

  /// How well a single recording agrees; nil where it may not answer.
  private func match(
    _ recording: RecordedInvocation, _ place: Int, _ live: NormalizedInvocation,
    _ stdin: NormalizedStdin
  ) throws -> EnvironmentIndex.Match? {
    let variables = normalizer.variables(of: recording)
    let pairs = variables.count { live.variables[$0.name] == $0.value }
    var match = EnvironmentIndex.Match(pairs: pairs, size: variables.count, place: place)
    if let recorded = RecordedStdin(recording, normalizer) {
      if try stdin.agrees(with: recorded) {
        match.stdin = recorded.length + 1
      } else if options.mode == .strict {
        return nil
      }
    }
    return options.mode == .fuzzy || pairs == variables.count ? match : nil
  }
}
