internal import Glibc
internal import SystemPackage

/// Goes over the lines of a journal, looking only at their starts.
struct JournalLines: ~Copyable {
  private static let piece = 1 << 16

  private let file: FileDescriptor
  private let buffer: UnsafeMutableRawBufferPointer
  private var position = 0
  private var end = 0
  /// Where in the file the buffer's end is.
  private var fileOffset = 0
  private var last: UInt8 = 0

  /// The first bytes of the line, as many as `JournalLine` needs.
  private(set) var start: [UInt8] = []
  /// Where the line begins in the file.
  private(set) var offset = 0
  /// How many bytes it has, its line break not counted.
  private(set) var length = 0
  private var hasBreak = false

  /// Whether the line was taken back.
  var isBlank: Bool { start.first == JournalLine.blank }

  /// Whether the line was written to its end.
  var isComplete: Bool { hasBreak && last == UInt8(ascii: "}") }

  /// Whether it is the last one, and ends somewhere in its middle.
  var isCutOff: Bool { !hasBreak }

  /// - Parameter offset: where in the file a line begins.
  init(file: FileDescriptor, from offset: Int = 0) {
    self.file = file
    self.offset = offset
    fileOffset = offset
    buffer = .allocate(byteCount: Self.piece, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Goes to the next line; false where there is none. Throws `Errno`.
  mutating func next() throws -> Bool {
    offset += hasBreak ? length + 1 : length
    start.removeAll(keepingCapacity: true)
    (length, hasBreak) = (0, false)
    while true {
      if position == end {
        position = 0
        end = try file.read(fromAbsoluteOffset: Int64(fileOffset), into: buffer)
        fileOffset += end
        if end == 0 { return length > 0 }
      }
      let here = UnsafeRawBufferPointer(rebasing: buffer[position..<end])
      let lineBreak = here.baseAddress.flatMap { start in
        memchr(start, 0x0a, here.count).map { UnsafeRawPointer($0) - start }
      }
      let count = lineBreak ?? here.count
      let piece = here[..<count]
      start.append(contentsOf: piece.prefix(JournalLine.startLength - start.count))
      last = piece.last ?? last
      length += count
      position += count
      if lineBreak != nil {
        position += 1
        hasBreak = true
        return true
      }
    }
  }
}
