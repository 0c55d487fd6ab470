/// What is known of the machine and the service, from outside: `OTEL_RESOURCE_ATTRIBUTES`.
///
/// Source: OpenTelemetry, resource SDK: `key=value,key=value`, as W3C Baggage has them, percent-encoded.
package enum ResourceAttributes {
  /// Pairs without a key or an equals sign are left out.
  package static func parse(_ text: String) -> [(key: String, value: String)] {
    text.split(separator: ",").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      let key = decoded(parts[0])
      return key.isEmpty ? nil : (key, decoded(parts[1]))
    }
  }

  private static func decoded(_ text: Substring) -> String {
    let trimmed = text.utf8.drop { $0 == UInt8(ascii: " ") }
    var bytes: [UInt8] = []
    var rest = trimmed
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(\.isHexDigit),
        let value = UInt8(digits, radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
