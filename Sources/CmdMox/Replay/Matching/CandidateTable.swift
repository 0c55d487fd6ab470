/// Recordings that have the same command and arguments, found by standard input and variables.
final class CandidateTable {
  /// Recordings with the same standard input.
  private struct Bucket {
    /// Nil: nobody knows what they read.
    let stdin: RecordedStdin?
    var variables = EnvironmentIndex()
    /// How many have not been used.
    var unused = 0
  }

  private let normalizer: Normalizer
  private var buckets: [Bucket] = []
  /// Which buckets have these bytes.
  private var byBytes: [ByteString: [Int]] = [:]
  private var unknown: Int?
  /// The bucket of each recording.
  private var bucketOf: [Int: Int] = [:]
  /// All recordings, whatever they read; only where standard input need not agree.
  private var all: EnvironmentIndex?

  /// How many buckets have recordings that have not been used.
  private var unusedBuckets = 0
  /// Those whose bytes are the ones that were read.
  private var exact = InputIndex([])
  /// The lengths that decide about the others, ascending.
  private var lengths: [Int] = []
  /// How many buckets have recordings that have not been used, for each of these lengths.
  private var unusedLengths: [Int: Int] = [:]

  /// - Parameters:
  ///   - places: of the recordings, ascending.
  ///   - isUsed: whether the recording at a place has been used.
  init(
    _ recordings: [RecordedInvocation], at places: [Int], _ normalizer: Normalizer,
    _ mode: MatchingOptions.Mode, isUsed: (Int) -> Bool
  ) {
    self.normalizer = normalizer
    if mode == .fuzzy { all = EnvironmentIndex() }
    for place in places { add(recordings[place], place, isUsed: isUsed(place)) }
    exact = InputIndex(
      buckets.enumerated().compactMap { bucket, candidates in
        candidates.stdin.flatMap { $0.isExact ? ($0.bytes, bucket) : nil }
      })
    lengths = Set(
      buckets.compactMap(\.stdin).filter { !$0.isExact }.map(normalizer.decidingLength)
    ).sorted()
    for bucket in buckets.indices {
      if buckets[bucket].unused > 0 { noteUnused(bucket, 1) } else { exact.remove(bucket) }
    }
  }

  private func add(_ recording: RecordedInvocation, _ place: Int, isUsed: Bool) {
    let variables = normalizer.variables(of: recording)
    let bucket = indexOfBucket(RecordedStdin(recording, normalizer))
    buckets[bucket].variables.add(place, variables)
    bucketOf[place] = bucket
    all?.add(place, variables)
    if !isUsed { buckets[bucket].unused += 1 }
  }

  private func indexOfBucket(_ stdin: RecordedStdin?) -> Int {
    let same = stdin.map { byBytes[ByteString($0.bytes)] ?? [] } ?? unknown.map { [$0] } ?? []
    if let bucket = same.first(where: { buckets[$0].stdin == stdin }) { return bucket }
    buckets.append(Bucket(stdin: stdin))
    let bucket = buckets.count - 1
    if let stdin {
      byBytes[ByteString(stdin.bytes), default: []].append(bucket)
    } else {
      unknown = bucket
    }
    return bucket
  }

  /// Notes that a recording has been used.
  func use(_ place: Int) {
    guard let bucket = bucketOf[place] else { return }
    buckets[bucket].unused -= 1
    guard buckets[bucket].unused == 0 else { return }
    noteUnused(bucket, -1)
    exact.remove(bucket)
  }

  private func noteUnused(_ bucket: Int, _ change: Int) {
    unusedBuckets += change
    if let stdin = buckets[bucket].stdin, !stdin.isExact {
      unusedLengths[normalizer.decidingLength(of: stdin), default: 0] += change
    }
  }
}

// MARK: What is worth knowing

extension CandidateTable {
  /// How many different standard inputs there are.
  func inputCount(_ turn: EnvironmentIndex.Turn) -> Int {
    if case .last = turn { return buckets.count }
    return unusedBuckets
  }

  /// How many bytes of standard input, counted from its beginning, are worth knowing; nil where what
  /// is known decides.
  func lengthWorthKnowing(_ stdin: NormalizedStdin, _ turn: EnvironmentIndex.Turn) -> Int? {
    var all = false
    if case .last = turn { all = true }
    let other = lengths.first { $0 > stdin.count && (all || unusedLengths[$0] != 0) }
    return [exact.lengthWorthKnowing(stdin.bytes, all: all), other].compactMap { $0 }.min()
  }
}

// MARK: What answers

extension CandidateTable {
  /// The recording that agrees best.
  func best(
    _ live: NormalizedInvocation, _ stdin: NormalizedStdin, _ turn: EnvironmentIndex.Turn
  ) throws -> EnvironmentIndex.Match? {
    for bucket in try agreeing(stdin) {
      guard var match = match(bucket, live, turn) else { continue }
      match.stdin = buckets[bucket].stdin.map { $0.length + 1 } ?? 0
      return match
    }
    if all != nil { return all?.closest(live.variables, turn) }
    return unknown.flatMap { match($0, live, turn) }
  }

  private func match(
    _ bucket: Int, _ live: NormalizedInvocation, _ turn: EnvironmentIndex.Turn
  ) -> EnvironmentIndex.Match? {
    all == nil
      ? buckets[bucket].variables.full(live.variables, turn)
      : buckets[bucket].variables.closest(live.variables, turn)
  }

  /// The buckets with the same standard input, those that read the most first.
  private func agreeing(_ stdin: NormalizedStdin) throws -> [Int] {
    if stdin.isWhole { return byBytes[ByteString(try stdin.prefix(.max))] ?? [] }
    var candidates = exact.buckets(beginning: stdin.bytes)
    for length in lengths where length <= stdin.count || length == .max {
      candidates += byBytes[ByteString(try stdin.prefix(length))] ?? []
    }
    var agreeing = try candidates.filter { bucket in
      try buckets[bucket].stdin.map(stdin.agrees) ?? false
    }
    if !lengths.isEmpty { agreeing.sort { length($0) > length($1) } }
    return agreeing
  }

  private func length(_ bucket: Int) -> Int { buckets[bucket].stdin?.length ?? 0 }
}
