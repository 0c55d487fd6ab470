import Testing

/// Bytes that tests try, with a name so that a report does not list 128 KiB.
struct EdgeValue: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  var testDescription: String { name }

  static let all = [
    EdgeValue("empty", []),
    EdgeValue("space", [0x20]),
    EdgeValue("newline", [0x0a]),
    EdgeValue("not UTF-8", [0xff, 0xfe, 0x80]),
    EdgeValue("ümlaut", Array("ümlaut".utf8)),
    EdgeValue("128 KiB", [UInt8](repeating: 0x61, count: 128 << 10)),
  ]
}
