internal import Glibc
internal import SystemPackage

/// The file of a journal: whole lines only, written at its end, and replaced in their places.
struct JournalFile {
  let file: FileDescriptor
  private(set) var length = 0
  /// How many recordings could not be written.
  private(set) var lost = 0

  /// Makes the file, mode 0600. One that is there already is an error.
  ///
  /// - Throws: `Errno`.
  init(at path: FilePath) throws {
    file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
      permissions: .ownerReadWrite)
  }

  /// Writes lines behind the last one. What cannot be written is counted, and the file cut back to
  /// whole lines: a disk that is full now must not spoil what is there.
  ///
  /// - Throws: `Errno`.
  mutating func append(_ bytes: UnsafeRawBufferPointer, lines: Int) throws {
    do {
      length += try file.writeAll(toAbsoluteOffset: Int64(length), bytes)
    } catch {
      lost += lines
      _ = ftruncate(file.rawValue, length)
      throw error
    }
  }

  /// Where the blanks stand that fill up a line.
  enum Padding {
    case behind
    case beforeLast
  }

  /// Puts a shorter line in the place of another one. Only the bytes that differ are written: who is
  /// killed meanwhile leaves one line or the other, as long as they lie on one page.
  ///
  /// - Throws: `Errno`.
  func replace(
    _ offset: Int, _ length: Int, by bytes: UnsafeRawBufferPointer, padding: Padding
  ) throws {
    var line = Array(bytes)
    let blanks = [UInt8](repeating: JournalLine.blank, count: length - line.count)
    line.insert(contentsOf: blanks, at: padding == .behind ? line.count : line.count - 1)
    let earlier = try read(offset, length)
    let same = zip(line, earlier).prefix { $0 == $1 }.count
    let sameAtEnd = zip(line[same...].reversed(), earlier.reversed()).prefix { $0 == $1 }.count
    try file.writeAll(
      toAbsoluteOffset: Int64(offset + same), line[same..<(length - sameAtEnd)])
  }

  private func read(_ offset: Int, _ length: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      while count < length {
        let piece = try file.read(
          fromAbsoluteOffset: Int64(offset + count),
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
        if piece == 0 { return }
        count += piece
      }
    }
  }

  /// Takes a line away; its place stays.
  ///
  /// - Throws: `Errno`.
  func blank(_ offset: Int, _ length: Int) throws {
    try file.writeAll(
      toAbsoluteOffset: Int64(offset), [UInt8](repeating: JournalLine.blank, count: length))
  }
}
