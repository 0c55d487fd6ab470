internal import Glibc

/// The text that bytes are shown as.
///
/// - Parameter exact: set to the bytes where they are not UTF-8, and left alone otherwise.
func text(of bytes: some Collection<UInt8>, exact: inout [UInt8]?) -> String {
  let shown = bytes.withContiguousStorageIfAvailable { contiguous in
    text(of: contiguous, exact: &exact)
  }
  if let shown { return shown }
  return Array(bytes).withUnsafeBufferPointer { contiguous in
    text(of: contiguous, exact: &exact)
  }
}

/// The text that bytes are shown as.
func text(of bytes: UnsafeBufferPointer<UInt8>, exact: inout [UInt8]?) -> String {
  var text = String(decoding: bytes, as: UTF8.self)
  if !isEqual(&text, bytes) { exact = Array(bytes) }
  return text
}

extension String {
  /// Text of bytes that are UTF-8; nil for others.
  ///
  /// `String(validating:)` says the same, at several times the cost for short texts.
  init?(exactly bytes: UnsafeBufferPointer<UInt8>) {
    self = String(decoding: bytes, as: UTF8.self)
    // Whatever `decoding` repairs is other bytes afterwards.
    guard isEqual(&self, bytes) else { return nil }
  }
}

private func isEqual(_ text: inout String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  text.withUTF8 { utf8 in
    guard utf8.count == bytes.count, let left = utf8.baseAddress, let right = bytes.baseAddress
    else { return utf8.count == bytes.count }
    return memcmp(left, right, utf8.count) == 0
  }
}
