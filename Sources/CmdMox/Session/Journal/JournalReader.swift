internal import Glibc
internal import SystemPackage

/// Reads the recordings of a journal in the order of start, however many there are.
///
/// The journal is in the order of finish. A first pass over it gathers, for each recording, where it
/// stands and when it started; these entries are sorted on the disk; a second pass reads one
/// recording after the other. Memory does not grow with their number. Not for several threads.
final class JournalReader {
  private let file: FileDescriptor
  private let path: FilePath
  private let directory: FilePath
  /// How many lines could not be read.
  private(set) var damaged = 0
  /// Whether the last line was cut off: it is one of the damaged ones.
  private(set) var isCutOff = false
  /// How many invocations have a number and no line: they had not ended when the journal ended.
  var unfinished: Int { max(0, slots - readable - damaged) }
  private var slots = 0
  private var readable = 0

  /// - Parameters:
  ///   - file: the journal, open for reading.
  ///   - directory: where temporary files can be made; they have no name.
  init(file: FileDescriptor, path: FilePath, directory: FilePath) {
    self.file = file
    self.path = path
    self.directory = directory
  }

  /// Reads the first line.
  ///
  /// - Throws: `JournalError`.
  func header() throws -> JournalHeader {
    do {
      var reader = JSONByteReader(input: file)
      return try JournalHeader(reading: &reader)
    } catch let errno as Errno {
      throw JournalError.unreadable(file: path, errno: errno)
    } catch is DecodingFailure {
      throw JournalError.noHeader(file: path)
    }
  }

  /// - Parameters:
  ///   - skipsDamage: whether each line is read to the end at first, so that one that is damaged is
  ///     left out and counted. Else a line that cannot be read is an error.
  /// - Throws: `JournalError.unreadable`; `JournalError.unwritable` for the temporary files; what
  ///   `body` throws.
  func forEachInOrder(
    skipsDamage: Bool, _ body: (RecordedInvocation) throws -> Void
  ) throws -> Int {
    try forEach(in: try order(skipsDamage: skipsDamage), body)
  }

  /// What a first pass over the journal finds: where the recordings stand, in the order of start.
  struct Order {
    fileprivate let links: SlotLinks
    fileprivate let entries: EntrySorter
  }

  /// Makes the first pass. ``damaged`` and ``unfinished`` are known then.
  ///
  /// - Throws: as ``forEachInOrder(skipsDamage:_:)``.
  func order(skipsDamage: Bool) throws -> Order {
    let order = Order(links: SlotLinks(in: directory), entries: EntrySorter(in: directory))
    try gather(order.entries, order.links, skipsDamage: skipsDamage)
    try order.entries.sort()
    return order
  }

  /// Makes the second pass.
  ///
  /// - Throws: as ``forEachInOrder(skipsDamage:_:)``.
  func forEach(in order: Order, _ body: (RecordedInvocation) throws -> Void) throws -> Int {
    let (links, entries) = (order.links, order.entries)
    var sequence = 0
    try visit(entries) { entry in
      try links.set(entry.slot, .recorded(sequence: sequence))
      sequence += 1
    }
    sequence = 0
    var reader = JSONByteReader(input: nil)
    try visit(entries) { entry in
      let recording = try read(entry, &reader)
      let parent = try SlotLink.nearestRecorded(
        from: entry.parent < 0 ? nil : entry.parent, link: links.get)
      try body(recording.placed(sequence: sequence, parent: parent))
      sequence += 1
    }
    return sequence
  }

  /// Of two entries with one slot the later one counts: a recorder was killed while it wrote a line
  /// anew.
  private func visit(_ entries: EntrySorter, _ body: (JournalEntry) throws -> Void) throws {
    var last: JournalEntry?
    try entries.visit { entry in
      if let last, last.slot != entry.slot { try body(last) }
      last = entry
    }
    if let last { try body(last) }
  }

  private func gather(_ entries: EntrySorter, _ links: SlotLinks, skipsDamage: Bool) throws {
    var reader = JSONByteReader(input: nil)
    var lines = JournalLines(file: file)
    do {
      guard try lines.next() else { return }
      while try lines.next() {
        if lines.isBlank { continue }
        guard lines.isComplete, let line = JournalLine(lines.start) else {
          damaged += 1
          isCutOff = isCutOff || lines.isCutOff
          continue
        }
        slots = max(slots, line.slot + 1)
        guard let recorded = line.recorded else {
          readable += 1
          try links.set(line.slot, .passedOver(parent: line.parent))
          continue
        }
        let entry = JournalEntry(
          startNs: recorded.startNs, slot: line.slot, parent: line.parent ?? -1,
          offset: lines.offset + recorded.offset, count: lines.length - recorded.offset - 1)
        if skipsDamage, (try? read(entry, &reader)) == nil {
          damaged += 1
          continue
        }
        readable += 1
        try entries.add(entry)
      }
    } catch let errno as Errno {
      throw JournalError.unreadable(file: path, errno: errno)
    }
  }

  private func read(
    _ entry: JournalEntry, _ reader: inout JSONByteReader
  ) throws -> RecordedInvocation {
    do {
      try reader.restart(with: file, at: entry.offset, count: entry.count)
      let recording = try RecordedInvocation(reading: &reader)
      try reader.finish()
      return recording
    } catch let errno as Errno {
      throw JournalError.unreadable(file: path, errno: errno)
    } catch is DecodingFailure {
      // Its own line, written a moment ago: the disk lied.
      throw JournalError.unreadable(file: path, errno: .ioError)
    }
  }
}
