internal import Glibc
internal import SystemPackage

/// Keeps recordings in a file, one a line, so that memory does not grow with their number and a
/// killed recorder loses at most what it had not flushed.
final class JournalStore: RecordingStore {
  static let fileName: FilePath.Component = "journal.jsonl"
  private static let piece = 1 << 16

  private let directory: FilePath
  private var file: FileDescriptor?
  private var text = JSONByteWriter(layout: .compact, capacity: piece + piece / 4)
  /// How many recordings `text` has.
  private var buffered = 0
  /// How long the file is: whole lines only.
  private var length = 0
  /// How many recordings could not be written.
  private(set) var lost = 0

  init(directory: FilePath) { self.directory = directory }

  deinit { try? file?.close() }

  private var path: FilePath { directory.appending(Self.fileName) }

  /// Makes the journal, mode 0600. A journal that is there already is an error: it may be the only
  /// trace of an earlier session.
  func open(_ header: JournalHeader) throws {
    do {
      file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .append, .closeOnExec],
        permissions: .ownerReadWrite)
    } catch let errno as Errno {
      throw JournalError.unwritable(file: path, errno: errno)
    }
    header.write(into: &text)
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

  /// Writes what is buffered. What cannot be written is given up and counted, and the file cut back
  /// to whole lines: a disk that is full now must not make memory grow, nor spoil what is there.
  func flush() throws {
    guard let file, text.count > 0 else { return }
    defer {
      text.removeAll()
      buffered = 0
    }
    do {
      length += try file.writeAll(text.bytes)
    } catch let errno as Errno {
      lost += buffered
      _ = ftruncate(file.rawValue, length)
      throw JournalError.unwritable(file: path, errno: errno)
    }
  }

  func forEachInOrder(_ body: (RecordedInvocation) throws -> Void) throws -> Int {
    guard let file else { return 0 }
    let journal = JournalReader(file: file, path: path, directory: directory)
    let damaged = lost
    let count = try journal.forEachInOrder(skipsDamage: false, body)
    lost = damaged + journal.damaged
    return count
  }
}
