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
  /// How many of those there are for each length that decides about them.
  private var unusedLengths: [Int: Int] = [:]
  /// Every length that decides, ascending.
  private var lengths: [Int] = []

  init(_ normalizer: Normalizer, _ mode: MatchingOptions.Mode) {
    self.normalizer = normalizer
    if mode == .fuzzy { all = EnvironmentIndex() }
  }

  /// Adds a recording; they come in the order of their sequence.
  func add(_ recording: RecordedInvocation, place: Int, isUsed: Bool) {
    let variables = normalizer.variables(of: recording)
    let bucket = indexOfBucket(RecordedStdin(recording, normalizer))
    buckets[bucket].variables.add(place, variables)
    bucketOf[place] = bucket
    all?.add(place, variables)
    if !isUsed { count(bucket, 1) }
  }

  /// Notes that a recording has been used.
  func use(_ place: Int) {
    if let bucket = bucketOf[place] { count(bucket, -1) }
  }

  private func count(_ bucket: Int, _ change: Int) {
    let before = buckets[bucket].unused
    buckets[bucket].unused += change
    guard (before == 0) != (buckets[bucket].unused == 0) else { return }
    unusedBuckets += change
    if let length = deciding(bucket) { unusedLengths[length, default: 0] += change }
  }

  /// How many bytes decide about a bucket; `Int.max` for all that comes, nil where none do.
  private func deciding(_ bucket: Int) -> Int? {
    buckets[bucket].stdin.map { normalizer.decidingLength(of: $0) }
  }

  private func indexOfBucket(_ stdin: RecordedStdin?) -> Int {
    let same = stdin.map { byBytes[ByteString($0.bytes)] ?? [] } ?? unknown.map { [$0] } ?? []
    if let bucket = same.first(where: { buckets[$0].stdin == stdin }) { return bucket }
    buckets.append(Bucket(stdin: stdin))
    let bucket = buckets.count - 1
    guard let stdin else {
      unknown = bucket
      return bucket
    }
    byBytes[ByteString(stdin.bytes), default: []].append(bucket)
    let length = normalizer.decidingLength(of: stdin)
    if unusedLengths[length] == nil {
      unusedLengths[length] = 0
      lengths.insert(length, at: lengths.firstIndex { $0 > length } ?? lengths.count)
    }
    return bucket
  }
}

// MARK: What is worth reading

extension CandidateTable {
  /// What the standard inputs of recordings are like.
  func inputs(_ turn: EnvironmentIndex.Turn) -> CandidateInputs {
    if case .last = turn { return CandidateInputs(distinct: buckets.count, lengths: lengths) }
    return CandidateInputs(
      distinct: unusedBuckets, lengths: lengths.filter { unusedLengths[$0] != 0 })
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
    var agreeing: [Int] = []
    for length in lengths.reversed() where length <= stdin.count || length == .max {
      let same = byBytes[ByteString(try stdin.prefix(length))] ?? []
      agreeing += try same.filter { bucket in
        guard let recorded = buckets[bucket].stdin else { return false }
        return try normalizer.decidingLength(of: recorded) == length
          && stdin.agrees(with: recorded)
      }
    }
    return agreeing
  }
}
