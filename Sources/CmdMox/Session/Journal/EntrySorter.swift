internal import SystemPackage

/// Where a recording stands in the journal, and where it belongs in the fixture.
struct JournalEntry: Comparable {
  var startNs = 0
  var slot = 0
  /// The slot of its parent; -1 for none.
  var parent = 0
  var offset = 0
  var count = 0

  static func < (left: JournalEntry, right: JournalEntry) -> Bool {
    (left.startNs, left.slot, left.offset) < (right.startNs, right.slot, right.offset)
  }
}

/// Sorts entries by their start with an external merge sort: memory holds one run of them.
///
/// Entries come nearly sorted, so that neighbouring runs often are one already. As long as there is
/// one run only, there is no file.
final class EntrySorter {
  private static let size = MemoryLayout<JournalEntry>.stride
  private let runLength: Int
  private let fanIn: Int

  private let directory: FilePath
  private var file: TemporaryFile?
  /// The runs in `file`, one behind the other, in entries.
  private var runs: [Range<Int>] = []
  private var buffer: [JournalEntry] = []
  private var lastOfRun: JournalEntry?

  /// - Parameters:
  ///   - runLength: how many entries are sorted in memory.
  ///   - fanIn: how many runs are merged at once.
  init(in directory: FilePath, runLength: Int = 4096, fanIn: Int = 32) {
    self.directory = directory
    self.runLength = runLength
    self.fanIn = fanIn
  }

  func add(_ entry: JournalEntry) throws {
    if buffer.count == runLength { try endRun() }
    buffer.append(entry)
  }

  private func endRun() throws {
    buffer.sort()
    guard let first = buffer.first else { return }
    let start = runs.last?.upperBound ?? 0
    let file = try self.file ?? TemporaryFile(in: directory)
    self.file = file
    try Self.write(buffer, to: file, at: start)
    if let last = lastOfRun, let run = runs.last, last < first {
      runs[runs.count - 1] = run.lowerBound..<start + buffer.count
    } else {
      runs.append(start..<start + buffer.count)
    }
    lastOfRun = buffer.last
    buffer.removeAll(keepingCapacity: true)
  }

  /// Brings all entries that were added into order. Nothing may be added afterwards.
  func sort() throws {
    guard let unsorted = file else { return buffer.sort() }
    try endRun()
    var file = unsorted
    while runs.count > 1 {
      let merged = try TemporaryFile(in: directory)
      var next: [Range<Int>] = []
      for group in stride(from: 0, to: runs.count, by: fanIn) {
        let parts = runs[group..<min(group + fanIn, runs.count)]
        try merge(Array(parts), of: file, into: merged)
        next.append((parts.first?.lowerBound ?? 0)..<(parts.last?.upperBound ?? 0))
      }
      (file, runs) = (merged, next)
      self.file = file
    }
  }

  /// Merges neighbouring runs to the same place in another file.
  private func merge(
    _ parts: [Range<Int>], of file: TemporaryFile, into target: TemporaryFile
  ) throws {
    let share = max(1, runLength / max(parts.count, 1))
    var readers = try parts.map { try Run(file, $0, share) }
    var place = parts.first?.lowerBound ?? 0
    buffer.removeAll(keepingCapacity: true)
    while true {
      var least: Int?
      for (index, reader) in readers.enumerated() {
        guard let entry = reader.current else { continue }
        if let earlier = least.flatMap({ readers[$0].current }), earlier < entry { continue }
        least = index
      }
      guard let least, let entry = readers[least].current else { break }
      buffer.append(entry)
      try readers[least].advance()
      if buffer.count == runLength {
        try Self.write(buffer, to: target, at: place)
        place += buffer.count
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try Self.write(buffer, to: target, at: place)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Calls `body` for each entry in order.
  func visit(_ body: (JournalEntry) throws -> Void) throws {
    guard let file, let all = runs.first else {
      for entry in buffer { try body(entry) }
      return
    }
    var run = try Run(file, all, runLength)
    while let entry = run.current {
      try body(entry)
      try run.advance()
    }
  }

  private static func write(
    _ entries: [JournalEntry], to file: TemporaryFile, at place: Int
  ) throws {
    try entries.withUnsafeBytes { try file.write($0, at: place * size) }
  }

  /// A run that is read piece by piece.
  private struct Run {
    private let file: TemporaryFile
    private var rest: Range<Int>
    private let share: Int
    private var piece: [JournalEntry] = []
    private var place = 0
    private(set) var current: JournalEntry?

    init(_ file: TemporaryFile, _ range: Range<Int>, _ share: Int) throws {
      (self.file, rest, self.share) = (file, range, share)
      try fill()
    }

    mutating func advance() throws {
      place += 1
      if place < piece.count { current = piece[place] } else { try fill() }
    }

    private mutating func fill() throws {
      let count = min(share, rest.count)
      if piece.count != count { piece = Array(repeating: JournalEntry(), count: count) }
      try piece.withUnsafeMutableBytes { try file.read(into: $0, at: rest.lowerBound * size) }
      rest = rest.lowerBound + count..<rest.upperBound
      place = 0
      current = piece.first
    }
  }
}
