internal import Glibc
internal import SystemPackage

/// What is taken out of a journal that was written before it was known to be secret.
struct JournalScrub {
  /// The recording without it; nil where there is nothing to be taken out.
  let recording: (RecordedInvocation) -> RecordedInvocation?
  /// The first line without it; nil where there is nothing to be taken out.
  let header: (JournalHeader) -> JournalHeader?
}

/// Goes over the lines of a journal, a piece at a time, while more is written.
///
/// Lines change in their places: nothing that is secret stays on the disk, and a recorder that is killed
/// meanwhile leaves a whole journal.
struct JournalRevision {
  /// Where the next line begins.
  private var place = 0
  /// How many bytes have not been gone over; behind the last line it goes on with the first.
  private var rest = 0

  var isOver: Bool { rest <= 0 }

  /// Everything has to be gone over, from where the last line was.
  ///
  /// - Parameter length: of the journal.
  mutating func begin(length: Int) { rest = length }

  /// Goes over whole lines.
  ///
  /// - Parameter bytes: where it stops; a line that has begun is finished.
  /// - Throws: `Errno` where the journal cannot be read or written.
  mutating func goOn(
    over journal: inout JournalFile, atMost bytes: Int, _ scrub: JournalScrub
  ) throws {
    var left = min(bytes, rest)
    var reader = JSONByteReader(input: nil)
    var lines = JournalLines(file: journal.file, from: place)
    while left > 0 {
      guard try lines.next() else {
        lines = JournalLines(file: journal.file, from: 0)
        continue
      }
      let line = Line(offset: lines.offset, length: lines.length, start: lines.start)
      try Self.revise(line, of: &journal, &reader, scrub)
      place = lines.offset + lines.length + 1
      left -= lines.length + 1
      rest -= lines.length + 1
    }
  }

  private struct Line {
    let offset: Int
    let length: Int
    let start: [UInt8]
  }

  private static func revise(
    _ line: Line, of journal: inout JournalFile, _ reader: inout JSONByteReader,
    _ scrub: JournalScrub
  ) throws {
    var text = JSONByteWriter(layout: .compact)
    if line.offset == 0 {
      try reader.restart(with: journal.file, at: 0, count: line.length)
      guard let header = try? JournalHeader(reading: &reader), let clean = scrub.header(header)
      else { return }
      clean.write(into: &text)
      if text.count > line.length {
        text.removeAll()
        clean.withoutTexts.write(into: &text)
      }
      try journal.replace(line.offset, line.length, by: text.bytes, padding: .behind)
      return
    }
    guard let head = JournalLine(line.start), let recorded = head.recorded else { return }
    try reader.restart(
      with: journal.file, at: line.offset + recorded.offset,
      count: line.length - recorded.offset - 1)
    guard let recording = try? RecordedInvocation(reading: &reader),
      let clean = scrub.recording(recording)
    else { return }
    let slot = RecordingSlot(
      index: head.slot, startNs: UInt64(clamping: recorded.startNs), parent: head.parent)
    JournalLine.write(clean, slot, into: &text)
    if text.count <= line.length + 1 {
      let bytes = UnsafeRawBufferPointer(rebasing: text.bytes.dropLast())
      try journal.replace(line.offset, line.length, by: bytes, padding: .beforeLast)
    } else {
      // First the new line: of two with one slot the later one counts.
      defer { try? journal.blank(line.offset, line.length) }
      try journal.append(text.bytes, lines: 1)
    }
  }
}
