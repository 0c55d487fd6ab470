internal import SystemPackage

/// The program headers of an ELF file of this machine, and what its dynamic section needs.
///
/// Every offset and size in the file is checked against what could be read. Source: elf(5).
struct ELFHeaders {
  private struct Segment {
    var type: UInt32
    var offset: UInt64
    var address: UInt64
    var size: UInt64
  }

  private enum SegmentType {
    static let load: UInt32 = 1
    static let dynamic: UInt32 = 2
    static let interpreter: UInt32 = 3
  }

  private enum Tag {
    static let needed: UInt64 = 1
    static let stringTable: UInt64 = 5
  }

  private let head: [UInt8]
  private let file: FileDescriptor?
  private var segments: [Segment] = []
  /// A 32-bit file has its numbers elsewhere: nothing is said of it.
  private let is64Bit: Bool

  /// - Parameters:
  ///   - head: the first bytes of the file, at least 64.
  ///   - file: for what lies behind them; nil where there is nothing else of it.
  init(_ head: [UInt8], _ file: FileDescriptor?) {
    self.head = head
    self.file = file
    is64Bit = head[4] == 2
    guard is64Bit else { return }
    let size = Int(number(head, 54, UInt16.self))
    guard size >= 56 else { return }
    let headers = read(number(head, 32, UInt64.self), size * Int(number(head, 56, UInt16.self)))
    for at in stride(from: 0, through: headers.count - size, by: size) {
      segments.append(
        Segment(
          type: number(headers, at, UInt32.self), offset: number(headers, at + 8, UInt64.self),
          address: number(headers, at + 16, UInt64.self),
          size: number(headers, at + 32, UInt64.self)))
    }
  }

  /// Whether ld.so starts it, and so takes a preload.
  var isDynamic: Bool { !is64Bit || segments.contains { $0.type == SegmentType.interpreter } }

  /// The names of the libraries that it is linked against.
  var neededLibraries: [String] {
    guard let section = segments.first(where: { $0.type == SegmentType.dynamic }) else { return [] }
    let entries = read(section.offset, Int(clamping: section.size))
    var names: [UInt64] = []
    var table: UInt64 = 0
    for at in stride(from: 0, to: entries.count - 15, by: 16) {
      let value = number(entries, at + 8, UInt64.self)
      switch number(entries, at, UInt64.self) {
      case Tag.needed: names.append(value)
      case Tag.stringTable: table = value
      default: break
      }
    }
    guard
      let holder = segments.first(where: {
        $0.type == SegmentType.load && table >= $0.address && table - $0.address < $0.size
      })
    else { return [] }
    return names.map { name in
      let bytes = read(holder.offset &+ (table - holder.address) &+ name, 256)
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private func read(_ offset: UInt64, _ count: Int) -> [UInt8] {
    guard let offset = Int64(exactly: offset), count > 0, count <= 1 << 20 else { return [] }
    guard let file else {
      guard offset + Int64(count) <= head.count else { return [] }
      return Array(head[Int(offset)..<Int(offset) + count])
    }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try? bytes.withUnsafeMutableBytes {
      try file.read(fromAbsoluteOffset: offset, into: $0)
    }
    return Array(bytes[..<(got ?? 0)])
  }

  private func number<T: FixedWidthInteger>(
    _ bytes: [UInt8], _ offset: Int, _ type: T.Type
  ) -> T {
    guard offset >= 0, offset + MemoryLayout<T>.size <= bytes.count else { return 0 }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
  }
}
