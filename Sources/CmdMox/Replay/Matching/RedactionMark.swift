internal import Glibc

/// The mark that stands where a secret was.
enum RedactionMark {
  private static let bytes = Array(DefaultRule.mark.utf8)

  static func stands(in text: [UInt8]) -> Bool { text.withUnsafeBufferPointer(stands) }

  static func stands(in text: String) -> Bool {
    var text = text
    return text.withUTF8(stands)
  }

  private static func stands(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text
    while let start = rest.place(of: bytes[0]), rest.count - start >= bytes.count {
      rest = UnsafeBufferPointer(rebasing: rest[start...])
      if let base = rest.baseAddress, memcmp(base, bytes, bytes.count) == 0 { return true }
      rest = UnsafeBufferPointer(rebasing: rest[1...])
    }
    return false
  }
}
