internal import CmdMoxWire
internal import SystemPackage

/// Keeps recordings in a file, one a line, so that memory does not grow with their number and a
/// killed recorder loses at most what it had not flushed.
final class JournalStore: RecordingStore {
  static let fileName = FilePath.Component(CMDMOX_FILE_JOURNAL) ?? "journal.jsonl"
  /// Its name once its fixture is in its place.
  static let writtenName = FilePath.Component(CMDMOX_FILE_WRITTEN) ?? "written.jsonl"
  private static let piece = 1 << 16

  private let directory: FilePath
  private var journal: JournalFile?
  private var revision = JournalRevision()
  private var text = JSONByteWriter(layout: .compact, capacity: piece + piece / 4)
  /// How many recordings `text` has.
  private var buffered = 0
  private var damaged = 0

  init(directory: FilePath) { self.directory = directory }

  deinit { try? journal?.file.close() }

  private var path: FilePath { directory.appending(Self.fileName) }

  /// How many recordings could not be written, or not be read again.
  var lost: Int { (journal?.lost ?? 0) + damaged }

  /// Makes the journal. A journal that is there already is an error: it may be the only trace of an
  /// earlier session.
  func open(_ header: JournalHeader) throws {
    do {
      journal = try JournalFile(at: path)
    } catch let errno as Errno {
      throw JournalError.unwritable(file: path, errno: errno)
    }
    header.write(into: &text)
    // Room for marks where something in it turns out to be secret.
    for _ in 0..<text.count { text.append(JournalLine.blank) }
    text.append(UInt8(ascii: "\n"))
    try flush()
  }

  func append(_ recording: RecordedInvocation, _ slot: RecordingSlot) throws {
    JournalLine.write(recording, slot, into: &text)
    buffered += 1
    if text.count >= Self.piece { try flush() }
  }

  func passOver(_ slot: RecordingSlot) throws {
    JournalLine.write(passedOver: slot, into: &text)
    if text.count >= Self.piece { try flush() }
  }

  /// Writes what is buffered. What cannot be written is given up and counted: memory must not grow.
  func flush() throws {
    guard text.count > 0 else { return }
    defer {
      text.removeAll()
      buffered = 0
    }
    do {
      try journal?.append(text.bytes, lines: buffered)
    } catch let errno as Errno {
      throw JournalError.unwritable(file: path, errno: errno)
    }
  }

  /// Whether something that was written has still to be gone over.
  var isRevising: Bool { !revision.isOver }

  /// From now on everything that was written is gone over.
  func beginRevision() { revision.begin(length: journal?.length ?? 0) }

  /// Goes over a piece of what was written.
  ///
  /// - Throws: `JournalError.unwritable`.
  func revise(atMost bytes: Int, _ scrub: JournalScrub) throws {
    guard isRevising, var journal else { return }
    defer { self.journal = journal }
    do {
      try revision.goOn(over: &journal, atMost: bytes, scrub)
    } catch let errno as Errno {
      throw JournalError.unwritable(file: path, errno: errno)
    }
  }

  func forEachInOrder(_ body: (RecordedInvocation) throws -> Void) throws -> Int {
    guard let journal else { return 0 }
    let reader = JournalReader(file: journal.file, path: path, directory: directory)
    let count = try reader.forEachInOrder(skipsDamage: false, body)
    damaged = reader.damaged
    return count
  }
}
